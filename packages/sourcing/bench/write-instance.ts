import { generate, instanceOf } from './generate.ts';

// `write-instance.ts NAME` prints the problem of that name (`10k-20-scarce-us-s2`, see `instanceName`) as JSON.
process.stdout.write(JSON.stringify(generate(instanceOf(process.argv[2] ?? ''))));
