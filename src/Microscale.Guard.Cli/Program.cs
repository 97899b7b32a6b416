using Microscale.Guard.Cli;
using Microscale.Guard.Cli.Output;

return await new MicroscaleApp(Terminal.OfProcess()).RunAsync(args);
