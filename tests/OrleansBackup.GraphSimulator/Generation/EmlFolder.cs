namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>Real material: .eml files below a folder, in a stable order.</summary>
public static class EmlFolder
{
    // The other settings as plain SearchOption.AllDirectories has them: nothing is passed over quietly.
    private static readonly EnumerationOptions AnyCase =
        new() { RecurseSubdirectories = true, MatchCasing = MatchCasing.CaseInsensitive, IgnoreInaccessible = false, AttributesToSkip = 0 };

    /// <param name="root">The folder; null gives nothing.</param>
    /// <returns>Full path and the path of the file's folder below <paramref name="root"/>.</returns>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    public static IReadOnlyList<(string File, string Folder)> List(string? root)
    {
        if (root is null)
            return [];
        return [.. Directory.EnumerateFiles(root, "*.eml", AnyCase)
            .Order(StringComparer.Ordinal)
            .Select(file => (file, Path.GetRelativePath(root, Path.GetDirectoryName(file)!)))];
    }
}
