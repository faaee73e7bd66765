using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Restores;

/// <summary>How the parts of a job say what became of an item.</summary>
internal static class ItemOutcomes
{
    public static ItemOutcome Restored(ItemVersion item, string newId, ImmutableArray<Loss> losses) =>
        new(item.Id, OutcomeKind.Restored, item.Name, newId, null, [.. losses.Select(loss => loss.Text)]) { LossFacts = [.. losses.Select(FactOf)] };

    public static ItemOutcome Skipped(ItemVersion item, string reason) => new(item.Id, OutcomeKind.Skipped, item.Name, null, reason, []);

    public static ItemOutcome Failed(ItemVersion item, string reason) => new(item.Id, OutcomeKind.Failed, item.Name, null, reason, []);

    /// <summary>An item that Microsoft 365 listed and never handed over.</summary>
    public static ItemOutcome NeverHandedOver(ItemVersion debt)
    {
        var owed = DebtItem.Read(debt);
        return new(owed.ItemId, OutcomeKind.Failed, debt.Name, null, $"Microsoft 365 never handed this over ({owed.Error}); it is on the debt list of the backup.", []);
    }

    public static LossFact FactOf(Loss loss) => new(loss.Kind, loss.Name, loss.Count);

    public static async Task<ReadOnlyMemory<byte>> ReadJsonAsync(PointReader point, ItemVersion item, CancellationToken cancellation)
    {
        var content = item.Contents[ContentRoles.Json];
        await using var stream = await point.OpenContentAsync(content, cancellation);
        using var buffer = new MemoryStream((int)content.Length);
        await stream.CopyToAsync(buffer, cancellation);
        return buffer.ToArray();
    }
}
