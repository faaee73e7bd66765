using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Microsoft365.Drives;

namespace OrleansBackup.Grains.Drives;

/// <summary>What is set on one item, in a word each with its number: enough to say before a restore what will not come back, without reading the permissions.</summary>
/// <remarks>Stored with the item: <c>people 2, links 1, passwords 1, lost 1</c>. A word, once used, keeps its meaning.</remarks>
internal static class SharingSummary
{
    private const string People = "people";
    private const string Links = "links";
    private const string Passwords = "passwords";
    private const string Lost = "lost";

    /// <returns>Null when nothing of its own is set on the item.</returns>
    public static string? Of(ImmutableArray<SharingEntry> entries)
    {
        var own = entries.Where(entry => entry.IsOwn).ToList();
        var parts = new[]
        {
            (People, own.Count(entry => entry.Kind is SharingKind.Recipient)),
            (Links, own.Count(entry => entry.Kind is SharingKind.Link or SharingKind.LinkForRecipients)),
            (Passwords, own.Count(entry => entry.HasPassword)),
            (Lost, own.Count(entry => entry.Kind is SharingKind.SiteGroup or SharingKind.Other)),
        }.Where(part => part.Item2 > 0).Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Item1} {part.Item2}")).ToList();
        return parts.Count == 0 ? null : string.Join(", ", parts);
    }

    /// <summary>What will be lost of it in a restore that puts permissions back.</summary>
    public static IEnumerable<LossFact> Losses(string? summary)
    {
        foreach (var part in summary?.Split(", ") ?? [])
        {
            var count = int.Parse(part.AsSpan(part.IndexOf(' ', StringComparison.Ordinal) + 1), NumberStyles.None, CultureInfo.InvariantCulture);
            if (part.StartsWith(Links, StringComparison.Ordinal))
                yield return new LossFact(DriveLossKind.LinkAddress, null, count);
            else if (part.StartsWith(Passwords, StringComparison.Ordinal))
                yield return new LossFact(DriveLossKind.LinkPassword, null, count);
            else if (part.StartsWith(Lost, StringComparison.Ordinal))
                yield return new LossFact(DriveLossKind.Permission, null, count);
        }
    }
}
