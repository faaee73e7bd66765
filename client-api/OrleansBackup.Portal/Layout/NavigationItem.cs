namespace OrleansBackup.Portal.Layout;

/// <summary>A part of the portal that the navigation leads to.</summary>
/// <param name="Key">Of its text, and the name of its place.</param>
/// <param name="Address">Its front page; the parts below it begin with the same.</param>
internal sealed record NavigationItem(string Key, string Address)
{
    /// <summary>True on its own page and those below it; the front page has none below.</summary>
    public bool Holds(string path) => Address == "/" ? path == "/" : path == Address || path.StartsWith($"{Address}/", StringComparison.Ordinal);
}
