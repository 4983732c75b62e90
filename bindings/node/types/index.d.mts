export * from "./index.js";
import * as akool from "./index.js";
export default akool;
