import { ShownOnce } from "./ShownOnce";

interface Props {
  username: string;
  code: string;
  /** What the button says that ends it. */
  action: string;
  done: () => void;
}

export const RecoveryCode = ({ username, code, action, done }: Props) => (
  <ShownOnce
    id="recovery-code"
    title="Your recovery code"
    text={code}
    groups={code.match(/[^-]+-?/g) ?? []}
    hint="Keep it like a key. It is not shown again; you can make another one at any time."
    action={action}
    done={done}
  >
    <p>
      For <strong>{username}</strong> at {location.host}. With it you get back in when you have forgotten your
      password. It works once.
    </p>
  </ShownOnce>
);
