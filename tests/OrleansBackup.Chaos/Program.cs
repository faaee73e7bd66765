using OrleansBackup.Chaos;
using OrleansBackup.Chaos.Play;

return await ChaosOptions.InvokeAsync(args, async (options, cancellation) => (await ChaosRun.TellAsync(options, Console.Out, cancellation)).IsGood ? 0 : 1, CancellationToken.None);
