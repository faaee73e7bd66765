using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Exports;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Restores;

/// <summary>The exact way back for items of a mailbox: what Exchange once handed over in its own form is imported. Where it is not open, an item goes the classic way.</summary>
/// <remarks>Made for one target mailbox and one attempt of a job; parts share it.</remarks>
internal sealed class ImportWay
{
    private readonly ExchangeMailbox _mailbox;
    private readonly ItemImporter _importer;
    private readonly PointReader _point;
    private string? _closed;

    private ImportWay(ExchangeMailbox mailbox, ItemImporter importer, PointReader point, string? closed) => (_mailbox, _importer, _point, _closed) = (mailbox, importer, point, closed);

    /// <summary>Looks whether the tenant lets items be imported into the mailbox now.</summary>
    public static async Task<ImportWay> OpenAsync(GraphClient client, string mailbox, PointReader point, ExportOptions options, CancellationToken cancellation)
    {
        var exchange = new ExchangeMailbox(client, mailbox, knownId: null);
        var access = await exchange.CheckImportAsync(cancellation);
        return new ImportWay(exchange, new ItemImporter(exchange, options), point, access.IsOpen ? null : access.Reason ?? "It is closed.");
    }

    /// <summary>Whether the item would go this way.</summary>
    public bool IsFor(ItemVersion item) => ReasonAgainst(item) is null && item.Contents.ContainsKey(ContentRoles.Export);

    /// <summary>Imports the item, or says why it has to go the classic way.</summary>
    /// <param name="find">Looks whether the item is there, when a reply was lost.</param>
    public async Task<ImportAttempt> TryAsync(ItemVersion item, string folderId, Func<CancellationToken, Task<string?>> find, CancellationToken cancellation)
    {
        if (!item.Contents.TryGetValue(ContentRoles.Export, out var stream))
            return new ImportAttempt(null, _closed is null ? "The restore point does not hold it in Exchange's own form." : null);
        if (ReasonAgainst(item) is { } reason)
            return new ImportAttempt(null, reason);
        try
        {
            return new ImportAttempt(await _importer.ImportAsync(folderId, token => _point.OpenContentAsync(stream, token), stream.Length, find, cancellation), null);
        }
        catch (Exception exception) when (exception is GraphRefusedException or ItemUnreadableException or DamagedObjectException)
        {
            return new ImportAttempt(null, exception.Message);
        }
        catch (Exception exception) when (exception is TenantAccessException { Problem: TenantAccessProblem.PermissionMissing } or MailboxUnavailableException { Problem: MailboxProblem.AccessDenied })
        {
            _closed = exception.Message; // taken away in the middle: the others need not ask
            return new ImportAttempt(null, exception.Message);
        }
    }

    /// <summary>The same outcomes with the ids that items keep: an import tells another kind.</summary>
    public async Task<ImmutableArray<ItemOutcome>> WithLastingIdsAsync(IReadOnlyList<ItemOutcome> outcomes, CancellationToken cancellation)
    {
        var imported = outcomes.Where(outcome => outcome is { Way: RestoreWays.Export, NewId: not null }).Select(outcome => outcome.NewId!).ToList();
        if (imported.Count == 0)
            return [.. outcomes];
        var lasting = await _mailbox.TranslateAsync(imported, cancellation);
        return [.. outcomes.Select(outcome => outcome.Way == RestoreWays.Export && outcome.NewId is { } id && lasting.TryGetValue(id, out var kept) ? outcome with { NewId = kept } : outcome)];
    }

    private string? ReasonAgainst(ItemVersion item) => _closed
        ?? (item.Contents.TryGetValue(ContentRoles.Export, out var stream) && !_importer.Takes(stream.Length) ? $"It is too large to be imported ({stream.Length} bytes)." : null);
}

/// <summary>What became of an attempt.</summary>
/// <param name="NewId">The imported item; null: it goes the classic way.</param>
/// <param name="Reason">Why it does; null: this way is not there at all, and nobody misses it.</param>
internal sealed record ImportAttempt(string? NewId, string? Reason)
{
    public string Way => NewId is null ? RestoreWays.Classic : RestoreWays.Export;
}
