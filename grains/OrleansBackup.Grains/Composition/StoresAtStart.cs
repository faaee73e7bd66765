using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansBackup.Grains.Access;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Composition;

/// <summary>Asks every configured store, before anything is stored, whether it keeps what the vault relies on, and whether it is empty where the provider's key is new.</summary>
/// <remarks>A store that is only not reachable now does not keep the others from working: runs of its tenants say so and try again.</remarks>
public static partial class StoresAtStart
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="VaultException">A store must not be used, or refuses us; the message names it.</exception>
    public static async Task CheckAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(StoresAtStart));
        var time = services.GetRequiredService<TimeProvider>();
        var stores = services.GetRequiredService<VaultStores>();
        await services.GetRequiredService<ProviderKeys>().ProveAsync(stores.All.Select(store => store.Store), cancellation);
        foreach (var store in stores.All)
        {
            if (store.Factory is null)
                continue;
            using var patience = new CancellationTokenSource(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
            try
            {
                await store.Factory.CheckAsync(store.Store, either.Token);
            }
            catch (VaultException exception) when (exception.IsTransient)
            {
                LogNotChecked(log, store.Name, exception);
            }
            catch (OperationCanceledException exception) when (patience.IsCancellationRequested)
            {
                LogNotChecked(log, store.Name, exception);
            }
        }
    }

    [LoggerMessage(2603, LogLevel.Warning, "Store {Store} could not be checked at the start; runs of its tenants wait until it answers")]
    private static partial void LogNotChecked(ILogger log, string store, Exception exception);
}
