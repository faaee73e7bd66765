using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Checks;

/// <summary>A fault that the customer is told of, once, and of its end: one for each kind, with the resources that it strikes.</summary>
/// <param name="Key">Of the notice: while it stands nobody is told twice.</param>
public sealed record CriticalFault(FaultKind Kind, string Key, BothLanguages What, ImmutableArray<NoticeResource> Resources)
{
    private const string Prefix = "fault/", Capability = "capability/";
    private const int MostNamed = 10;

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

    /// <summary>Capabilities that one check found lost: one notice, however many they are. Over when all of them are back.</summary>
    public static CriticalFault OfCapabilities(DateOnly day, ImmutableArray<string> tokens)
    {
        var names = tokens.Take(MostNamed).Select(Capabilities.NameOf).ToList();
        var rest = tokens.Length - names.Count;
        return new(FaultKind.CapabilityLost, string.Create(CultureInfo.InvariantCulture, $"{Capability}{day:yyyy-MM-dd}"), new(
            $"De backup kan minder dan eerst, dit niet meer: {string.Join(", ", names.Select(name => name.Nl))}{(rest > 0 ? $" en nog {rest}" : "")}",
            $"The backup can do less than before, this no longer: {string.Join(", ", names.Select(name => name.En))}{(rest > 0 ? $" and {rest} more" : "")}"), []);
    }
}
