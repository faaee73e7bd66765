using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansBackup.Grains.Access;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Composition;

/// <summary>Looks, before a process joins a cluster, whether it has the same stores and the same key as the others: a folder that is not shared, or another key file, would show only when
/// backups that one process made cannot be read by the next.</summary>
/// <remarks>
/// The first process to use a store puts a mark into it, an object with a random number, and its hash into the cluster's database; each later one compares. For the key there is a
/// secret in the database that was sealed with it. While keys are rotated, whoever has both seals it anew. What cannot be reached now is not checked: runs say so and try again.
/// </remarks>
public static partial class InstallationCheck
{
    /// <summary>Lies at the top of each store of a cluster, beside the tenants. Not secret.</summary>
    public static readonly BlobName Mark = new("installation-mark");

    private const string Key = "key", KeyContext = "installation";
    private const int MarkBytes = 32, SecretBytes = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="InstallationDiffersException">A store or the key is not that of the other processes; the message says what to set.</exception>
    public static async Task CheckAsync(IServiceProvider services, IInstallationRecord record, CancellationToken cancellation)
    {
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(InstallationCheck));
        var (time, options) = (services.GetRequiredService<TimeProvider>(), services.GetRequiredService<IOptions<StoresOptions>>().Value);
        foreach (var store in services.GetRequiredService<VaultStores>().All)
            await TryAsync($"store '{store.Name}'", token => CheckStoreAsync(store, options.Stores.GetValueOrDefault(store.Name), record, token));
        await TryAsync("the key", token => CheckKeyAsync(services.GetRequiredService<ProviderKeys>(), record, token));

        async Task TryAsync(string what, Func<CancellationToken, Task> check)
        {
            using var patience = new CancellationTokenSource(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
            try
            {
                await check(either.Token);
            }
            catch (VaultException exception) when (exception.IsTransient)
            {
                LogNotCompared(log, what, exception);
            }
            catch (OperationCanceledException exception) when (patience.IsCancellationRequested)
            {
                LogNotCompared(log, what, exception);
            }
        }
    }

    private static async Task CheckStoreAsync(NamedStore store, StoreSettings? settings, IInstallationRecord record, CancellationToken cancellation)
    {
        var row = $"store/{store.Name}";
        var mark = await store.Store.GetAsync(Mark, cancellation);
        var known = await record.FindAsync(row, cancellation);
        if (mark is null && known is not null)
            throw Differs("does not bear their mark");
        if (mark is null)
        {
            await store.Store.PutIfAbsentAsync(Mark, RandomNumberGenerator.GetBytes(MarkBytes), cancellation); // false: another process was faster, and its mark counts
            mark = await store.Store.GetAsync(Mark, cancellation) ?? throw Differs("lost its mark as soon as it was written");
        }
        var hash = Convert.ToHexStringLower(SHA256.HashData(mark.Value.Span));
        if ((known ?? await record.KeepFirstAsync(row, hash, cancellation)) != hash)
            throw Differs("bears another mark");

        InstallationDiffersException Differs(string how) => new(
            $"Store '{store.Name}' is not the one that the other silos of this cluster have under this name: it {how}. "
            + (settings is { Kind: "folder", Path: var path }
                ? $"Vault:Stores:{store.Name}:Path is '{path}': set it to the folder that all silos share, and see that it is mounted here."
                : $"Set Vault:Stores:{store.Name} to the same place on every silo.")
            + $" Only if this is the right place, put back or made anew on purpose: delete the row '{row}' from the table installation of the cluster's database, and the next start marks it.");
    }

    private static async Task CheckKeyAsync(ProviderKeys keys, IInstallationRecord record, CancellationToken cancellation)
    {
        var known = await record.FindAsync(Key, cancellation) ?? await record.KeepFirstAsync(Key, await SealAsync(), cancellation);
        var wrapped = Convert.FromBase64String(known);
        try
        {
            await keys.Current.UnwrapAsync(wrapped, KeyContext, cancellation);
            return;
        }
        catch (WrongKeyException) when (keys.HasEarlier)
        {
            // perhaps an earlier one's
        }
        catch (WrongKeyException exception)
        {
            throw NotTheirs(exception);
        }
        try
        {
            await keys.Ring.UnwrapAsync(wrapped, KeyContext, cancellation);
        }
        catch (WrongKeyException exception)
        {
            throw NotTheirs(exception);
        }
        await record.ReplaceAsync(Key, known, await SealAsync(), cancellation);

        async Task<string> SealAsync() => Convert.ToBase64String(await keys.Current.WrapAsync(RandomNumberGenerator.GetBytes(SecretBytes), KeyContext, cancellation));

        static InstallationDiffersException NotTheirs(WrongKeyException exception) => new(
            "The key of this silo is not that of the other silos of this cluster: it does not open what they have sealed. Set Keys:File to a copy of their key file, or Keys:AzureKeyVault to "
            + "their key; where a rotation has begun, set the new key, and Keys:Previous:File or Keys:Previous:AzureKeyVault to the one before, on every silo.", exception);
    }

    [LoggerMessage(2604, LogLevel.Warning, "Whether {What} is that of the other silos could not be looked at during the start")]
    private static partial void LogNotCompared(ILogger log, string what, Exception exception);
}

/// <summary>A process is set up otherwise than the others of its cluster and must not join it.</summary>
public sealed class InstallationDiffersException(string message, Exception? inner = null) : VaultException(message, isTransient: false, inner);
