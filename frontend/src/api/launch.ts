/** What a page that was opened from a course asks of the API besides. */
import { client, unwrap } from "./client";
import { ApiFailure } from "./failure";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Launch = Schemas["Launch"];
/** What became of the grade of an attempt at one platform. */
export type SentGrade = Schemas["SentGrade"];
/** The grades of a course, and the one of a person in it. */
export type LinkGrades = Schemas["LinkGrades"];
export type PersonGrade = Schemas["PersonGrade"];
/** What can be arranged for somebody. */
export type Terms = Schemas["TermsRequest"];

/** Exchange the code of a launch for its token; whoever has a session of their own in this browser is not meant. */
export const openLaunch = (code: string) =>
  unwrap(client.POST("/api/v1/launch/", { body: { code }, credentials: "omit" }));

export const renewLaunch = () => unwrap(client.POST("/api/v1/launch/renewal/"));

/** What became of the grade of an attempt, at each platform that is to have it. */
export const sentGrades = (attempt: string) =>
  unwrap(client.GET("/api/v1/attempts/{id}/grades/", { params: { path: { id: attempt } } }));

/** The grades of everybody in the course, for its teachers. */
export const courseGrades = () => unwrap(client.GET("/api/v1/launch/grades/"));

/** Send the grade of a person again, or those of all (null); returns how they all stand then. */
export const sendGradesAgain = (person: string | null) =>
  unwrap(client.POST("/api/v1/launch/grades/", { body: { person } }));

/** What is arranged for a learner at an assignment; null: nothing. */
export const arrangedFor = (learner: string, assignment: string) =>
  unwrap(
    client.GET("/api/v1/accommodations/{learner}/{assignment}/", {
      params: { path: { learner, assignment } },
    }),
  ).catch((failure: unknown) => {
    if (failure instanceof ApiFailure && failure.status === 404) return null;
    throw failure;
  });

/** Arrange the same for each of some learners at an assignment; it reaches the attempts that run. */
export const arrange = (learners: string[], assignment: string, terms: Terms) =>
  unwrap(client.PUT("/api/v1/accommodations/", { body: { ...terms, learners, assignment } }));

/** Arrange nothing any more for a learner at an assignment. */
export const arrangeNothing = (learner: string, assignment: string) =>
  unwrap(
    client.DELETE("/api/v1/accommodations/{learner}/{assignment}/", {
      params: { path: { learner, assignment } },
    }),
  );
