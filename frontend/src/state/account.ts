/** What somebody does with the own account. Whatever changes who is here is told to `session`. */
import * as api from "../api/calls";
import { arrive, me } from "./session";
import { forgetOnDevice } from "./storage";

/** Set, change or remove (with an empty one) the e-mail address. */
export async function changeEmail(email: string, password: string): Promise<void> {
  me.value = await api.changeEmail(email, password);
}

/** Choose a new password with the link of a mail, or with a name and its recovery code. Signs in. */
export async function recover(proof: api.RecoveryProof, password: string): Promise<void> {
  arrive(await api.recover(proof, password));
}

/** Erase the account on the server, and what it left on this device. A guest has no password. */
export async function eraseAccount(password: string | null): Promise<void> {
  await api.eraseMe(password);
  forgetOnDevice();
}
