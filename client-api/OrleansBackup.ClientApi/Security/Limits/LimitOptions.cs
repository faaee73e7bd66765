using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.ClientApi.Security.Limits;

/// <summary>How much may be asked in a minute before somebody has to wait. Configuration section <c>Api:Limits</c>.</summary>
/// <remarks>Each is a bucket that holds a minute's worth and fills evenly. Counted by each server of a cluster for itself.</remarks>
public sealed record LimitOptions
{
    public const string Section = "Api:Limits";

    /// <summary>Requests a minute of one person who is signed in, in a browser or with a token. Default 3000: a busy page asks tens a second in bursts.</summary>
    [Range(1, 10_000_000)]
    public int PerCaller { get; init; } = 3_000;

    /// <summary>Requests a minute of one holder of API keys. Default 12000: a script that downloads thousands of items, a few at a time, seldom has to wait.</summary>
    [Range(1, 10_000_000)]
    public int PerKey { get; init; } = 12_000;

    /// <summary>Requests a minute of one address that is not signed in. Default 1200: pages, styles and scripts of a few browsers behind one address.</summary>
    [Range(1, 10_000_000)]
    public int PerAddress { get; init; } = 1_200;

    /// <summary>Requests of one caller, or of one address that is not signed in, that may be under way at once: streams of events and downloads last. Default 200.</summary>
    [Range(1, 100_000)]
    public int AtOnce { get; init; } = 200;

    /// <summary>Failed sign-ins a minute of one address; then its keys and tokens are not even looked at. Default 20: a mistyped key, or a script with an old one.</summary>
    [Range(1, 1_000_000)]
    public int FailedSignIns { get; init; } = 20;

    /// <summary>Callers and addresses that are counted apart; further ones share one bucket. Default 20000.</summary>
    [Range(100, 1_000_000)]
    public int Counted { get; init; } = 20_000;

    /// <summary>Failed sign-ins and refusals an hour that get an entry of their own in the audit book; the rest are counted in the next entry. Default 100.</summary>
    [Range(1, 100_000)]
    public int FailuresWrittenDown { get; init; } = 100;
}
