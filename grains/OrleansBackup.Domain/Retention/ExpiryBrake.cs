using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace OrleansBackup.Domain.Retention;

/// <summary>When changes look like mass deletion or mass rewriting. Configuration section <c>Backup:Brake</c>.</summary>
public sealed record BrakeOptions
{
    public const string Section = "Backup:Brake";

    /// <summary>The share of the items that have to be gone or rewritten. Default 0.3.</summary>
    [Range(0.01, 1)]
    public double Share { get; init; } = 0.3;

    /// <summary>Fewer items than this are never suspicious: half of a new mailbox is soon changed. Default 100.</summary>
    [Range(1, 1_000_000)]
    public int LeastItems { get; init; } = 100;

    /// <summary>So many points are looked at together, so that what is done in small steps shows too. Default 7: a week of daily points.</summary>
    [Range(1, 60)]
    public int PointsTogether { get; init; } = 7;
}

/// <summary>What one run found, as far as the brake asks.</summary>
/// <param name="Items">Items in the point that it sealed.</param>
/// <param name="Changed">Items whose content was not what it had been.</param>
/// <param name="Removed">Items gone from the source.</param>
public sealed record ChangeSample(long Sequence, long Items, long Changed, long Removed);

/// <summary>Decides whether a resource's changes look like ransomware or a mass deletion, so that its old points must not expire unseen.</summary>
/// <remarks>
/// Pure, and counts points instead of days, so that no clock can hide anything. What is gone is the larger of what the runs said and of what
/// the points show, because a run that went on after a crash knows only its own part.
/// </remarks>
public static class ExpiryBrake
{
    /// <param name="samples">Oldest first; the first is only what the others are compared with.</param>
    /// <returns>Why the brake has to go on, in words; empty: it has not to.</returns>
    public static ImmutableArray<string> Judge(IReadOnlyList<ChangeSample> samples, BrakeOptions options)
    {
        var looked = samples.Skip(samples.Count - options.PointsTogether - 1).ToArray();
        if (looked.Length < 2)
            return [];
        var most = looked.Max(sample => sample.Items);
        var gone = Math.Max(looked.Skip(1).Sum(sample => sample.Removed), most - looked[^1].Items);
        var rewritten = looked.Skip(1).Sum(sample => sample.Changed);
        var reasons = ImmutableArray.CreateBuilder<string>();
        if (IsMuch(gone))
            reasons.Add(Say(gone, "gone"));
        if (IsMuch(rewritten))
            reasons.Add(Say(rewritten, "rewritten"));
        return reasons.ToImmutable();

        bool IsMuch(long items) => items >= options.LeastItems && items >= options.Share * most;

        string Say(long items, string what) => string.Create(CultureInfo.InvariantCulture,
            $"{items} of {most} items were {what} between restore points {looked[0].Sequence} and {looked[^1].Sequence}.");
    }
}
