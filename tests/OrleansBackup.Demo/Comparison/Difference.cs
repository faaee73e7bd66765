using System.Collections.Immutable;

namespace OrleansBackup.Demo.Comparison;

/// <summary>One thing that is not as it should be.</summary>
/// <param name="Subject">Which folder or message: its id.</param>
/// <param name="Property">What of it: a property of Graph, or <c>folder</c>, <c>path</c>, <c>mime</c>, <c>presence</c>, <c>attachment</c>.</param>
/// <param name="Expected">What the simulator's history says.</param>
/// <param name="Seen">What the other side says.</param>
public sealed record Difference(string Subject, string Property, string Expected, string Seen)
{
    public override string ToString() => $"{Subject}: {Property}: expected {Shorten(Expected)}, seen {Shorten(Seen)}";

    private static string Shorten(string text) => text.Length <= 160 ? text : string.Concat(text.AsSpan(0, 160), "…");
}

/// <summary>What a comparison looked at and what it found.</summary>
/// <param name="Compared">Folders and messages looked at, on either side: a missing one counts too.</param>
/// <param name="Mismatches">Differences that nothing excuses.</param>
/// <param name="DeclaredLosses">Differences that the restore itself had reported.</param>
public sealed record ComparisonResult(long Compared, ImmutableArray<Difference> Mismatches, ImmutableArray<Difference> DeclaredLosses)
{
    public static ComparisonResult Nothing { get; } = new(0, [], []);

    public static ComparisonResult operator +(ComparisonResult left, ComparisonResult right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new(left.Compared + right.Compared, left.Mismatches.AddRange(right.Mismatches), left.DeclaredLosses.AddRange(right.DeclaredLosses));
    }

    public static ComparisonResult Add(ComparisonResult left, ComparisonResult right) => left + right;
}
