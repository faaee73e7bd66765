using Orleans;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Operations;

namespace OrleansBackup.Silo.Operations;

/// <summary>Hangs up at the board how this process does, every few seconds.</summary>
internal sealed partial class ProcessReporter(IOperationsSource source, IGrainFactory grains, TimeProvider time, ILogger<ProcessReporter> log) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5), Patience = TimeSpan.FromSeconds(2);

    private IProcessBoardGrain Board => grains.GetGrain<IProcessBoardGrain>(GrainKeys.ProcessBoard);

    /// <summary>First of all the board is told, so that nobody takes an orderly stop for a death. Best effort: a board that does not answer holds nothing up.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            await Board.Leave((await source.ReadProcessAsync(patience.Token)).Name, patience.Token).WaitAsync(patience.Token);
        }
        catch (Exception exception)
        {
            LogNotTold(log, exception); // it is seen as silent for a while
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var rounds = new PeriodicTimer(Round, time);
        do
        {
            try
            {
                await Board.Tell(await source.ReadProcessAsync(stoppingToken), stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotTold(log, exception); // told again in the next round
            }
        }
        while (await rounds.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1204, LogLevel.Debug, "The board of processes could not be told how this one does")]
    private static partial void LogNotTold(ILogger log, Exception exception);
}
