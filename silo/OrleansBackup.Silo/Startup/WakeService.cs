using Orleans;
using OrleansBackup.Grains.Composition;

namespace OrleansBackup.Silo.Startup;

/// <summary>Once grains can be called, looks for runs that the last process left unfinished or overdue. The start does not wait for it.</summary>
internal sealed class WakeService(IGrainFactory grains, TimeProvider time, ILogger<WakeService> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => WakeAfterStart.WakeAsync(grains, time, log, stoppingToken);
}
