// What one sees before one is in.
export { Forgot, Join, Reset, SetUp, SignIn, Verify } from "../features/accounts/pages";
