namespace OrleansBackup.Architecture.Tests;

/// <summary>The checked-out source that these tests read. Nothing is built or loaded: what is written is what is judged.</summary>
internal static class Repository
{
    /// <summary>The folders whose code is the product.</summary>
    public static IReadOnlyList<string> ProductFolders { get; } = ["grain-interfaces", "grains", "silo", "client-api"];

    public static string Root { get; } = FindRoot();

    public static IEnumerable<string> Projects(string folder) => Files(folder, ".csproj");

    public static IEnumerable<string> ProductSources() => ProductFolders.SelectMany(folder => Files(folder, ".cs"));

    public static IEnumerable<string> AllSources() => ProductSources().Concat(Files("tests", ".cs"));

    public static string Relative(string file) => Path.GetRelativePath(Root, file);

    /// <summary>A file's lines without comments: comments may speak of what code may not do.</summary>
    public static IEnumerable<(int Number, string Code)> CodeLines(string file) =>
        File.ReadLines(file).Select((line, index) => (index + 1, Code(line))).Where(line => line.Item2.Length > 0);

    private static string Code(string line)
    {
        var trimmed = line.TrimStart();
        var comment = trimmed.IndexOf("//", StringComparison.Ordinal);
        // A '//' right after ':' is an address in a text, not a comment.
        return comment < 0 || (comment > 0 && trimmed[comment - 1] == ':') ? trimmed : trimmed[..comment];
    }

    private static IEnumerable<string> Files(string folder, string extension) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*" + extension, SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "artifacts"));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OrleansBackup.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"No OrleansBackup.sln in or above {AppContext.BaseDirectory}.");
    }
}
