using System.Collections.Immutable;
using System.Text.Json;
using OrleansBackup.Demo.Clients;

namespace OrleansBackup.Demo.Comparison;

/// <summary>Compares what was put back, as it lies with the service now, with what it was at the restore point.</summary>
/// <remarks>It is a new thing, so its ids and the times at which it was made differ by nature. Everything that a person sees of it is compared.</remarks>
public static class ThingRestoreComparison
{
    private static readonly Dictionary<string, string[]> ComingBack = new(StringComparer.Ordinal)
    {
        ["event"] = ["subject", "body", "start", "end", "isAllDay", "showAs", "sensitivity", "importance", "categories", "location", "recurrence", "attendees"],
        ["contact"] = ["displayName", "givenName", "surname", "companyName", "emailAddresses", "mobilePhone", "businessPhones", "personalNotes", "categories"],
        ["task"] = ["title", "body", "importance", "status", "categories", "dueDateTime"],
        ["file"] = ["fileSystemInfo"],
        ["list-item"] = ["fields"],
        ["page"] = ["title", "description", "pageLayout", "promotionKind", "canvasLayout"],
        ["channel-message"] = ["subject", "body", "createdDateTime", "from"],
    };

    /// <summary>Kinds of which every restore can be compared.</summary>
    public static IEnumerable<string> Kinds => ComingBack.Keys;

    /// <param name="truth">The thing at the restore point, from the simulator's history.</param>
    /// <param name="restored">The restored thing now; null: the simulator has none with the reported id.</param>
    /// <param name="losses">What the restore itself said it could not bring back.</param>
    public static ComparisonResult Compare(ThingPicture truth, ThingPicture? restored, IReadOnlyCollection<LossAnswer> losses)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(losses);
        if (restored is null)
            return new ComparisonResult(1, [new Difference(truth.Id, "presence", "restored", "absent")], []);
        var differences = Differences(truth, restored).ToList();
        var excused = differences.Where(difference => losses.Any(loss => DeclaredLoss.Covers(loss, difference.Property))).ToList();
        return new ComparisonResult(1, [.. differences.Except(excused)], [.. excused]);
    }

    private static IEnumerable<Difference> Differences(ThingPicture truth, ThingPicture restored)
    {
        if (truth.Name != restored.Name)
            yield return new Difference(truth.Id, "name", truth.Name ?? "(none)", restored.Name ?? "(none)");
        foreach (var name in ComingBack[truth.Kind])
            foreach (var (path, expected, seen) in JsonCoverage.Missing(JsonComparison.Property(truth.Properties, name), JsonComparison.Property(restored.Properties, name), name))
                yield return new Difference(truth.Id, path, expected, seen);
        foreach (var difference in ThingComparison.OfContents(truth.Id, Unnamed(truth.Contents), Unnamed(restored.Contents)))
            yield return difference;
    }

    // A picture of a message gets a new id, which is its name.
    private static ImmutableArray<ThingContent> Unnamed(ImmutableArray<ThingContent> contents) =>
        [.. contents.Select(content => content.Name.StartsWith("hosted-", StringComparison.Ordinal) ? content with { Name = "hosted" } : content)];
}
