// What a terminal or a CI asks for would change what the programs under test print. They take over the environment of this one.
for (const name of ['FORCE_COLOR', 'NO_COLOR', 'GITHUB_ACTIONS']) delete process.env[name];
