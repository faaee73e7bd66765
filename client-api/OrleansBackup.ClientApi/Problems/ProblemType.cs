using OrleansBackup.Domain.Notices;

namespace OrleansBackup.ClientApi.Problems;

/// <summary>A kind of error: what every answer of it has in common, told to whoever meets it in both languages.</summary>
/// <param name="Slug">The last part of its <c>type</c>. Contract: never changes once used.</param>
/// <param name="Cause">What led to it.</param>
/// <param name="Cure">What to do.</param>
public sealed record ProblemType(string Slug, int Status, BothLanguages Title, BothLanguages Cause, BothLanguages Cure)
{
    private const string Base = "https://orleansbackup.dev/problems/";

    /// <summary>What <c>type</c> says in an answer.</summary>
    public string Uri => Base + Slug;
}
