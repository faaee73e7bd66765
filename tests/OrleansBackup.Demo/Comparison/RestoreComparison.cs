using System.Collections.Immutable;
using OrleansBackup.Demo.Clients;

namespace OrleansBackup.Demo.Comparison;

/// <summary>Compares a restored message, as it lies in the mailbox now, with what it was at the restore point.</summary>
/// <remarks>
/// The restored message is a new one, so its ids and the times at which it was made differ by nature and are not compared. Everything
/// that a reader or a program sees of a message is.
/// </remarks>
public static class RestoreComparison
{
    /// <summary>The properties of Graph that have to come back.</summary>
    public static ImmutableArray<string> Properties { get; } =
    [
        "subject", "body", "sender", "from", "toRecipients", "ccRecipients", "bccRecipients", "replyTo", "receivedDateTime", "sentDateTime",
        "isRead", "flag", "categories", "importance", "internetMessageId", "isDraft", "hasAttachments",
    ];

    /// <param name="truth">The message at the restore point, from the simulator's history.</param>
    /// <param name="restored">The restored message now; null: the simulator has none with the reported id.</param>
    /// <param name="losses">What the restore itself said it could not bring back for this message.</param>
    public static ComparisonResult Compare(MessagePicture truth, MessagePicture? restored, IReadOnlyCollection<LossAnswer> losses)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(losses);
        if (restored is null)
            return new ComparisonResult(1, [new Difference(truth.Id, "presence", "restored", "absent")], []);
        var differences = Differences(truth, restored).ToList();
        var excused = differences.Where(difference => losses.Any(loss => DeclaredLoss.Covers(loss, difference.Property))).ToList();
        return new ComparisonResult(1, [.. differences.Except(excused)], [.. excused]);
    }

    /// <summary>Folders come back with their path, under new ids where they had been deleted.</summary>
    /// <remarks>A folder without a name exists, but the service makes none: that loss lies with the service and is counted as declared.</remarks>
    public static ComparisonResult CompareFolders(ImmutableArray<FolderPicture> truth, ImmutableArray<FolderPicture> now)
    {
        var missing = truth.Where(folder => !now.Any(there => there.Path.SequenceEqual(folder.Path)))
            .ToLookup(folder => folder.Path.Any(string.IsNullOrWhiteSpace), folder => new Difference(folder.Id, "path", string.Join(" / ", folder.Path), "absent"));
        return new ComparisonResult(truth.Length, [.. missing[false]], [.. missing[true]]);
    }

    private static IEnumerable<Difference> Differences(MessagePicture truth, MessagePicture restored)
    {
        if (!truth.FolderPath.SequenceEqual(restored.FolderPath))
            yield return new Difference(truth.Id, "path", string.Join(" / ", truth.FolderPath), string.Join(" / ", restored.FolderPath));
        foreach (var name in Properties)
        {
            var differences = JsonComparison.Compare(
                JsonComparison.Property(truth.Properties, name), JsonComparison.Property(restored.Properties, name), name);
            foreach (var (path, expected, seen) in differences)
                yield return new Difference(truth.Id, path, expected, seen);
        }
        foreach (var difference in AttachmentComparison.Compare(truth.Id, truth.Attachments, restored.Attachments))
            yield return difference;
    }
}
