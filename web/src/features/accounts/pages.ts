export { Forgot, Reset } from "./Forgot";
export { Join } from "./Join";
export { SetUp } from "./SetUp";
export { SignIn } from "./SignIn";
export { Verify } from "./Verify";
