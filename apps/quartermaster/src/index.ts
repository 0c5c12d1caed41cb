export { configSchema, loadConfig, parseConfig, type Config } from './config.ts';
export { exitCodes, type ExitCode } from './exit.ts';
export { main } from './main.ts';
