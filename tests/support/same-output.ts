// What a terminal, a CI or npm asks for would change what the programs under test print. They take over the environment of this one.
for (const name of ['FORCE_COLOR', 'NO_COLOR', 'GITHUB_ACTIONS', 'npm_command']) delete process.env[name];
