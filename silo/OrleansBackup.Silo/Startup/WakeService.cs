using Orleans;
using OrleansBackup.Grains.Admission;
using OrleansBackup.Grains.Composition;

namespace OrleansBackup.Silo.Startup;

/// <summary>Once grains can be called, looks for runs that the last process left unfinished or overdue. The start does not wait for it.</summary>
/// <remarks>After a disaster the first process that is up again owns everything, and all of it is overdue. It begins as much as may wait at its gate and looks again when half of that
/// is done, until nobody was turned away.</remarks>
internal sealed class WakeService(IGrainFactory grains, IAdmissionOverviewSource gate, TimeProvider time, ILogger<WakeService> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var before = gate.TurnedAway;
            await WakeAfterStart.WakeAsync(grains, time, log, stoppingToken);
            if (gate.TurnedAway == before)
                return;
            var full = gate.Overview().Waiting.Length;
            do
                await Task.Delay(Look, time, stoppingToken);
            while (gate.Overview().Waiting.Length > full / 2);
        }
    }
}
