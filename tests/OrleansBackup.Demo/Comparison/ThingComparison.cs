using System.Collections.Immutable;

namespace OrleansBackup.Demo.Comparison;

/// <summary>Compares what a restore point holds beside mail with what was true when it was taken, kind by kind: nothing missing, nothing extra, nothing different.</summary>
public static class ThingComparison
{
    /// <summary>Kinds that are made for browsing, and kinds that the truth does not tell of.</summary>
    /// <remarks>What lies in a drive or a site is compared; that there is one follows from it.</remarks>
    public static ImmutableArray<string> NotCompared { get; } = ["folder", "message", "drive", "site", "page-library", "calendar-group"];

    public static KindResults Compare(IEnumerable<ThingPicture> truth, IEnumerable<ThingPicture> point)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(point);
        var expected = truth.ToLookup(thing => (thing.Kind, thing.Id));
        var seen = point.Where(thing => !NotCompared.Contains(thing.Kind)).ToLookup(thing => (thing.Kind, thing.Id));
        var results = KindResults.Nothing;
        foreach (var key in expected.Select(group => group.Key).Union(seen.Select(group => group.Key)))
        {
            // An id that comes twice on one side is a second thing, so that a duplicate is noticed.
            var (ones, others) = (expected[key].ToList(), seen[key].ToList());
            for (var i = 0; i < Math.Max(ones.Count, others.Count); i++)
                results = results.Add(key.Kind, new ComparisonResult(1, [.. Differences(key.Id, ones.ElementAtOrDefault(i), others.ElementAtOrDefault(i))], []));
        }
        return results;
    }

    /// <summary>Every stream of bytes, whatever the order in which a side tells of them.</summary>
    public static IEnumerable<Difference> OfContents(string id, ImmutableArray<ThingContent> expected, ImmutableArray<ThingContent> seen)
    {
        var (ones, others) = (Sorted(expected), Sorted(seen));
        return ones.SequenceEqual(others) ? [] : [new Difference(id, "contents", Text(ones.Except(others)), Text(others.Except(ones)))];

        static List<ThingContent> Sorted(ImmutableArray<ThingContent> contents) =>
            [.. contents.OrderBy(content => content.Name, StringComparer.Ordinal).ThenBy(content => content.Sha256, StringComparer.Ordinal)];

        static string Text(IEnumerable<ThingContent> contents) => string.Join(", ", contents.Select(content => $"{content.Name} {content.Sha256 ?? "without bytes"}").DefaultIfEmpty("nothing else"));
    }

    private static List<Difference> Differences(string id, ThingPicture? expected, ThingPicture? seen)
    {
        if (expected is null || seen is null)
            return expected is { IsReadable: false } ? [] : [new Difference(id, "presence", Presence(expected), Presence(seen))];
        var found = new List<Difference>();
        if (expected.ContainerId is { } container && container != seen.ContainerId)
            found.Add(new Difference(id, "container", container, seen.ContainerId ?? "(none)"));
        if (expected.Name is { } name && name != seen.Name)
            found.Add(new Difference(id, "name", name, seen.Name ?? "(none)"));
        found.AddRange(JsonCoverage.Missing(expected.Properties, seen.Properties, "").Select(at => new Difference(id, at.Path, at.Expected, at.Seen)));
        found.AddRange(OfContents(id, expected.Contents, seen.Contents));
        return found;
    }

    private static string Presence(ThingPicture? thing) => thing is null ? "absent" : $"present{(thing.Name is { } name ? $" as '{name}'" : "")}";
}
