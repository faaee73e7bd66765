using System.Collections.Immutable;

namespace OrleansBackup.Demo.Comparison;

/// <summary>Compares a restore point with what was true when it was taken: nothing missing, nothing extra, nothing different.</summary>
/// <remarks>Nothing excuses a difference here: the simulator of the demonstration hands over every message, however malformed.</remarks>
public static class PointComparison
{
    /// <summary>Properties that are no part of a backup and so may be absent from it; where they are there, they must be right.</summary>
    /// <remarks>
    /// <c>webLink</c> is an address made from the id; <c>uniqueBody</c> is cut by the service out of the body when it is asked for;
    /// <c>internetMessageHeaders</c> are the head of the MIME bytes, which are compared byte for byte.
    /// </remarks>
    public static ImmutableArray<string> NotKept { get; } = ["webLink", "uniqueBody", "internetMessageHeaders"];

    public static ComparisonResult Compare(MailboxPicture truth, MailboxPicture point)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(point);
        var differences = ImmutableArray.CreateBuilder<Difference>();
        var folders = Pair(truth.Folders, point.Folders, folder => folder.Id);
        foreach (var (id, expected, seen) in folders)
            differences.AddRange(Folder(id, expected, seen));
        var messages = Pair(truth.Messages, point.Messages, message => message.Id);
        foreach (var (id, expected, seen) in messages)
            differences.AddRange(Message(id, expected, seen));
        return new ComparisonResult(folders.Count + messages.Count, differences.ToImmutable(), []);
    }

    private static IEnumerable<Difference> Folder(string id, FolderPicture? expected, FolderPicture? seen)
    {
        if (expected is null || seen is null)
            yield return new Difference(id, "presence", Presence(expected?.Path), Presence(seen?.Path));
        else if (!expected.Path.SequenceEqual(seen.Path))
            yield return new Difference(id, "path", Join(expected.Path), Join(seen.Path));
    }

    private static List<Difference> Message(string id, MessagePicture? expected, MessagePicture? seen)
    {
        if (expected is null || seen is null)
            return [new Difference(id, "presence", Presence(expected?.FolderPath), Presence(seen?.FolderPath))];
        var found = new List<Difference>();
        if (expected.FolderId != seen.FolderId)
            found.Add(new Difference(id, "folder", expected.FolderId, seen.FolderId));
        found.AddRange(JsonComparison.Compare(expected.Properties, seen.Properties, "")
            .Where(at => !(NotKept.Contains(at.Path) && at.Seen == JsonComparison.Absent))
            .Select(at => new Difference(id, at.Path, at.Expected, at.Seen)));
        if (expected.Mime != seen.Mime)
            found.Add(new Difference(id, "mime", expected.Mime?.ToString() ?? "(none)", seen.Mime?.ToString() ?? "(none)"));
        found.AddRange(AttachmentComparison.Compare(id, expected.Attachments, seen.Attachments));
        return found;
    }

    /// <summary>Both sides by id. An id that comes twice on one side is a second entry, so that a duplicate is noticed.</summary>
    private static List<(string Id, T? Expected, T? Seen)> Pair<T>(ImmutableArray<T> truth, ImmutableArray<T> seen, Func<T, string> id)
        where T : class
    {
        var expected = truth.ToLookup(id, StringComparer.Ordinal);
        var found = seen.ToLookup(id, StringComparer.Ordinal);
        var pairs = new List<(string, T?, T?)>();
        foreach (var key in expected.Select(group => group.Key).Union(found.Select(group => group.Key), StringComparer.Ordinal))
        {
            var (ones, others) = (expected[key].ToList(), found[key].ToList());
            for (var i = 0; i < Math.Max(ones.Count, others.Count); i++)
                pairs.Add((key, ones.ElementAtOrDefault(i), others.ElementAtOrDefault(i)));
        }
        return pairs;
    }

    private static string Presence(ImmutableArray<string>? path) => path is { } at ? $"present in {Join(at)}" : "absent";

    private static string Join(ImmutableArray<string> path) => string.Join(" / ", path);
}
