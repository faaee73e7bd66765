using System.Collections.Immutable;
using OrleansBackup.Domain.Forecast;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tenants;

/// <summary>When the first backup of a whole tenant ends. Up to a minute old.</summary>
/// <param name="BackupsLeft">Protected resources without any restore point yet; 0: the first backup is done.</param>
/// <param name="ExpectedEnd">Null: it is done, or too early to say: a few have to be done or well under way first.</param>
/// <param name="Earliest">As far as can be told from what was seen, it ends before this once in ten times.</param>
/// <param name="Latest">In the same way it ends after this once in ten times.</param>
/// <param name="Bottleneck">What the end depends on most.</param>
/// <param name="Service">Where that is the budget of Microsoft 365: of which service.</param>
/// <param name="Reason">The same in a sentence.</param>
/// <param name="Places">How many of the tenant's runs can be under way at once.</param>
/// <param name="Granted">What Microsoft 365 grants the tenant.</param>
public sealed record ForecastBody(
    DateTimeOffset AsOf,
    int BackupsLeft,
    DateTimeOffset? ExpectedEnd,
    DateTimeOffset? Earliest,
    DateTimeOffset? Latest,
    Bottleneck Bottleneck,
    LimitedService? Service,
    string Reason,
    int Places,
    ImmutableArray<ForecastKindBody> Kinds,
    ImmutableArray<GrantedBody> Granted)
{
    public static ForecastBody Of(TenantForecastReport report) => new(
        report.AsOf, report.Outlook.BackupsLeft, report.ExpectedEnd, report.Earliest, report.Latest, report.Outlook.Bottleneck, report.Outlook.Service, ReasonOf(report), report.Places,
        [.. report.Outlook.Kinds.Select(ForecastKindBody.Of)], [.. report.Flows.Select(flow => new GrantedBody(flow.Service, flow.PerSecond, flow.Ready))]);

    private static string ReasonOf(TenantForecastReport report) => report.Outlook.Bottleneck switch
    {
        Bottleneck.GraphBudget => $"Microsoft 365 grants the tenant no more requests to {NameOf(report.Outlook.Service)}; more places or processes change nothing.",
        Bottleneck.Places => $"More runs wait than the {report.Places} places take at once, and most of their time goes to requests; more places or processes shorten it.",
        Bottleneck.BytesPerSecond => "Most of the time goes to bytes: the connection, the store of the vault, or how fast Microsoft 365 sends.",
        Bottleneck.OneResource => "One large resource takes longer than all others; the rest is done before it.",
        _ => report.Outlook.BackupsLeft == 0 ? "Every protected resource has a restore point." : "It is too early to say; a few first backups have to be done or well under way.",
    };

    private static string NameOf(LimitedService? service) => service switch
    {
        LimitedService.Files => "SharePoint and OneDrive",
        LimitedService.Teams => "Teams",
        _ => "Exchange",
    };
}

/// <summary>The first backups of one kind of resource.</summary>
/// <param name="Done">Of those that were looked at; of a large tenant not all are.</param>
/// <param name="Worked">Of all runs together, the wait for a place left out.</param>
/// <param name="ItemsPerSecond">While a run is under way; null: none has worked yet.</param>
/// <param name="RequestsPerItem">Of files, resource units.</param>
/// <param name="RunTimeLeft">Of all runs one after the other, if Microsoft 365 granted every request at once; null: too early to say.</param>
public sealed record ForecastKindBody(
    ResourceKind Kind, int Waiting, int UnderWay, int Done, long Items, long Bytes, TimeSpan Worked, double? ItemsPerSecond, double? BytesPerSecond, double? RequestsPerItem, TimeSpan? RunTimeLeft)
{
    public static ForecastKindBody Of(KindOutlook kind) => new(
        kind.Kind, kind.Waiting, kind.UnderWay, kind.Done, kind.Items, kind.Bytes, kind.Worked,
        kind.Worked > TimeSpan.Zero ? kind.Items / kind.Worked.TotalSeconds : null, kind.Worked > TimeSpan.Zero ? kind.Bytes / kind.Worked.TotalSeconds : null,
        kind.Items > 0 ? (double)kind.Requests / kind.Items : null, kind.RunTimeLeft);
}

/// <summary>What a service of Microsoft 365 grants within one of its windows.</summary>
/// <param name="PerSecond">Requests, or resource units of files.</param>
/// <param name="Ready">That lie ready now.</param>
public sealed record GrantedBody(LimitedService Service, double PerSecond, double Ready);
