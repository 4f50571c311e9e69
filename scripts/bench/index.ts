/**
 * Speed and memory, each as a ratio to a named baseline that ran in the same run, a moment before or after, because the machine is shared.
 * Nothing here is a test.
 */
await import('./client.ts');
await import('./suite.ts');
await import('./cli.ts');
await import('./mock.ts');
