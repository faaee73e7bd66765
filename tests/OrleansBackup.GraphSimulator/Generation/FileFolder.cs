namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>Real material: files of any kind below a folder, in a stable order.</summary>
public static class FileFolder
{
    /// <param name="root">The folder; null gives nothing.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    public static IReadOnlyList<string> List(string? root) => root is null ? [] :
        [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
