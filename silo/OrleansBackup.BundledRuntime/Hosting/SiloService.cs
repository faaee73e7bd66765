using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Timers;

namespace Orleans.Runtime;

/// <summary>Starts and stops the silo with its host: grains can be called, then startup tasks, then reminders; and back.</summary>
internal sealed class SiloService(
    SiloRuntime runtime, IServiceProvider services, IEnumerable<StartupStep> steps, IOptions<GrainCollectionOptions> collection) : IHostedService
{
    private ReminderService? _reminders;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        runtime.Start();
        foreach (var step in steps.OrderBy(step => step.Stage))
            await step.Run(services, cancellationToken);
        if (services.GetService<IReminderTable>() is not null)
        {
            _reminders = services.GetRequiredService<ReminderService>();
            await _reminders.StartAsync(cancellationToken);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_reminders is not null)
            await _reminders.StopAsync();
        // Each activation may use its own limit twice: for running calls to end, and for its goodbye.
        using var limit = new CancellationTokenSource(2 * collection.Value.DeactivationTimeout, runtime.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        await runtime.StopAsync(either.Token);
        if (_reminders is not null)
            await _reminders.FinishAsync(either.Token);
    }
}
