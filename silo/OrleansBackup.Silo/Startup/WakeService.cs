using Orleans;
using OrleansBackup.Grains.Admission;
using OrleansBackup.Grains.Composition;

namespace OrleansBackup.Silo.Startup;

/// <summary>Once grains can be called, looks for runs that the last process left unfinished or overdue, bit by bit. The start does not wait for it.</summary>
internal sealed class WakeService(IGrainFactory grains, IAdmissionOverviewSource gate, TimeProvider time, ILogger<WakeService> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        GradualStart.RunAsync(gate, cancellation => WakeAfterStart.WakeAsync(grains, time, log, cancellation), time, stoppingToken);
}
