using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Checks;

/// <summary>A fault that the customer is told of, once, and of its end: one for each kind, with the resources that it strikes.</summary>
/// <param name="Key">Of the notice: while it stands nobody is told twice.</param>
public sealed record CriticalFault(FaultKind Kind, string Key, BothLanguages What, ImmutableArray<NoticeResource> Resources)
{
    private const string Prefix = "fault/", Capability = "capability/";

    /// <summary>What stands now. A finding counts while nothing good has come since. Pure.</summary>
    public static ImmutableArray<CriticalFault> Of(IEnumerable<CheckFinding> findings) =>
    [
        .. findings.Where(finding => finding is { Severity: FaultSeverity.Critical, IsOpen: true }).GroupBy(finding => finding.Kind).OrderBy(group => group.Key).Select(group =>
        {
            var entry = FaultCatalogue.Of(group.Key);
            return new CriticalFault(entry.Kind, $"{Prefix}{entry.Kind}", new($"{entry.What.Nl}. {entry.Advice.Nl}", $"{entry.What.En}. {entry.Advice.En}"),
                [.. group.Select(finding => new NoticeResource(finding.Resource.LocalName, finding.Resource.Kind, finding.Name, finding.Address))]);
        }),
    ];

    /// <summary>A capability that is lost, until it is back.</summary>
    public static CriticalFault OfCapability(string token)
    {
        var name = Capabilities.NameOf(token);
        return new(FaultKind.CapabilityLost, $"{Capability}{token}", new($"De backup kan minder dan eerst: {name.Nl} niet meer", $"The backup can do less than before: {name.En} no longer"), []);
    }

    /// <summary>Whether a notice of this key is one of these faults; others have notices of their own.</summary>
    public static bool IsKey(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The capability that a standing notice is about, or null.</summary>
    public static string? CapabilityOf(string key) => key.StartsWith(Capability, StringComparison.Ordinal) ? key[Capability.Length..] : null;
}
