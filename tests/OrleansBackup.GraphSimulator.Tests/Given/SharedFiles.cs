namespace OrleansBackup.GraphSimulator.Tests.Given;

/// <summary>Files that are not part of the project: found by an environment variable or in a folder above the tests.</summary>
internal static class SharedFiles
{
    /// <summary>A folder of real data, or null.</summary>
    public static string? Corpus => Find("ORLEANSBACKUP_CORPUS", "corpus");

    /// <summary>A folder with the published schema and permission list of Graph, or null.</summary>
    public static string? GraphSchema => Find("ORLEANSBACKUP_GRAPH_SCHEMA", "graph");

    private static string? Find(string variable, string name)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given)
            return given;
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var candidate = Path.Combine(at.FullName, "shared", name);
            if (Directory.Exists(candidate))
                return candidate;
        }
        return null;
    }
}
