/** The shapes of the API by the names the app uses; every one of them comes from the generated schema. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Me = Schemas["Me"];
/** What an account says of itself. */
export type Standing = Schemas["Standing"];
/** A key for a program. */
export type Key = Schemas["Key"];
export type NewKey = Schemas["NewKeyRequest"];
export type Scope = Schemas["ScopesEnum"];
export type Link = Schemas["Link"];
export type Subject = Schemas["Subject"];
export type LessonSummary = Schemas["FoundLesson"];
export type Excerpt = Schemas["Excerpt"];
export type Lesson = Schemas["Lesson"];
export type Assessment = Schemas["Assessment"];
export type Conditions = Schemas["Conditions"];
export type Ability = Schemas["Ability"];
export type Attempt = Schemas["Attempt"];
export type Mastery = Schemas["Mastery"];
export type AttemptSummary = Schemas["AttemptSummary"];
export type AttemptPresentation = Schemas["AttemptPresentation"];
export type Presentation = Schemas["Presentation"];
/** What is answered to an answer: its verdict, where the place and the attempt stand, and what comes next. */
export type Reply = Schemas["Response"];
export type Verdict = Schemas["Verdict"];
export type InteractionVerdict = Schemas["InteractionVerdict"];
export type Variant = Schemas["Variant"];
/** A solution that was asked for. */
export type Revealed = Schemas["Revealed"];
export type VariantSolution = Schemas["Solution"];
export type Review = Schemas["Review"];
export type ReviewEntry = Schemas["ReviewEntry"];
/** What a correction did to a result. */
export type FeltCorrection = Schemas["FeltCorrection"];
/** What a person decided about an attempt. */
export type Decision = Schemas["Decision"];
/** An answer that is worth something else since a correction. */
export type CorrectedAnswer = Schemas["CorrectedAnswer"];
/** A result that was corrected and not looked at since. */
export type CorrectedResult = Schemas["CorrectedResult"];
export type RegradeRequest = Schemas["RegradeRequest"];
export type Progress = Schemas["Progress"];
export type SkillProgress = Schemas["SkillProgress"];
export type LessonProgress = Schemas["LessonProgress"];
export type NextStep = Schemas["NextStep"];
export type Course = Schemas["Course"];
/** A course with what is given there to whoever asks. */
export type CoursePage = Schemas["CoursePage"];
export type CourseEntry = Schemas["CourseEntry"];
export type Invitation = Schemas["Invitation"];
export type AssessmentSummary = Schemas["AssessmentSummary"];
export type Figure = Schemas["Figure"];
export type ErrorEntry = Schemas["ErrorEntry"];

/** What was entered at one item, by interaction. */
export type Answer = Schemas["Answer"];

/** What the app enters at one interaction: text as typed, an option, or a collection of those. */
export type AnswerValue = string | string[] | string[][] | Record<string, string>;

/** An interaction before its kind has read it: a newer server may know kinds that this schema does not. */
export type RawInteraction = { id: string; kind: string } & Record<string, unknown>;
