using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Sites;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Sites;

/// <summary>Puts pages back, each under its file name or, where that is taken, under one beside it.</summary>
internal sealed class PagePartRestore(ConflictPolicy conflict, RestorePlan plan, PointReader point, SiteReader reader, SiteWriter writer, bool sameSite, string suffix, bool mayPublish = true) : IPartRestore
{
    private const int MostNames = 20;
    private const int FailuresUntilGivingUp = 20;

    private readonly TargetPresence _presence = new(token => reader.ReadAsync(token));
    private int _failuresInARow;

    public IAsyncEnumerable<ItemVersion> ItemsAsync(CancellationToken cancellation) => plan.ItemsAsync(cancellation);

    public void Remember(ItemOutcome outcome)
    {
    }

    public static ImmutableArray<LossFact> Foresee(ItemVersion item) => item.Kind == ItemKinds.Page ? [new(SiteLossKind.AuthorAndDates, null, null)] : [];

    public Task CompleteAsync(IRestoreLedger ledger, CancellationToken cancellation) => Task.CompletedTask;

    public async Task<ImmutableArray<ItemOutcome>> RestoreAsync(IReadOnlyList<ItemVersion> page, bool interrupted, CancellationToken cancellation)
    {
        _presence.BeginPage();
        var now = await reader.ReadPagesAsync(cancellation);
        var outcomes = ImmutableArray.CreateBuilder<ItemOutcome>(page.Count);
        foreach (var item in page)
            outcomes.Add(item.Kind == ItemKinds.Page ? await RestoreAsync(item, now, interrupted, cancellation) : ItemOutcomes.NeverHandedOver(item));
        return outcomes.ToImmutable();
    }

    private async Task<ItemOutcome> RestoreAsync(ItemVersion item, ImmutableArray<SitePage> now, bool interrupted, CancellationToken cancellation)
    {
        try
        {
            var json = await ItemOutcomes.ReadJsonAsync(point, item, cancellation);
            var name = (string?)JsonNode.Parse(json.Span)?["name"] is { Length: > 5 } given ? given : $"{ItemIds.GraphIdOf(item.Id)}.aspx";
            var wanted = suffix.Length == 0 ? name : Beside(name, suffix);
            var still = (sameSite && suffix.Length == 0 ? now.FirstOrDefault(page => page.Id == ItemIds.GraphIdOf(item.Id)) : null)
                ?? now.FirstOrDefault(page => page.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase));
            if (still is not null && conflict == ConflictPolicy.Skip)
                return interrupted && still.Id != ItemIds.GraphIdOf(item.Id)
                    ? ItemOutcomes.Restored(item, still.Id, [new Loss(LossKinds.NotWrittenDown, "It was put back just before the job was interrupted; what it may have lost then was not written down.")])
                    : ItemOutcomes.Skipped(item, still.Name == wanted ? "A page of its name is there." : "It is still there under another name.");
            var (id, losses) = await CreateAsync(json, wanted, cancellation);
            if (still is not null && conflict == ConflictPolicy.Overwrite)
                await writer.DeletePageAsync(still.Id, cancellation); // only after the other is there
            _failuresInARow = 0;
            return ItemOutcomes.Restored(item, id, losses);
        }
        catch (Exception exception) when (exception is GraphTransientException or GraphRefusedException or ItemUnreadableException or ItemGoneException or DamagedObjectException)
        {
            if (exception is GraphTransientException && ++_failuresInARow >= FailuresUntilGivingUp)
                throw; // not bad items but a bad day: the job rests and goes on later
            await _presence.DoubtAsync(exception, cancellation);
            return ItemOutcomes.Failed(item, exception.Message);
        }
    }

    private async Task<(string Id, ImmutableArray<Loss> Losses)> CreateAsync(ReadOnlyMemory<byte> json, string wanted, CancellationToken cancellation)
    {
        for (var number = 1; ; number++)
        {
            var name = number == 1 ? wanted : Beside(wanted, number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            try
            {
                var (id, losses) = await writer.CreatePageAsync(json, name, mayPublish, cancellation);
                return (id, name == wanted ? losses : losses.Add(new Loss(SiteLossKind.PageName, $"Another page is called '{wanted}'; this one is '{name}'.", wanted)));
            }
            catch (GraphRefusedException e) when (e.Status == 409 && number < MostNames)
            {
                // The name is taken.
            }
        }
    }

    private static string Beside(string name, string suffix) => $"{Path.GetFileNameWithoutExtension(name)}-{suffix.Replace(' ', '-')}.aspx";
}
