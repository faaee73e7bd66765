namespace OrleansBackup.TimeTravel.Tests.Given;

/// <summary>Real mail, where there is any: named by a variable, or found above. Without it the tests go by generated mail alone.</summary>
internal static class Corpus
{
    public static string? Mail { get; } = Folder("mail");

    private static string? Folder(string part)
    {
        if (Environment.GetEnvironmentVariable("ORLEANSBACKUP_CORPUS") is { Length: > 0 } named && Directory.Exists(Path.Combine(named, part)))
            return Path.Combine(named, part);
        for (var above = new DirectoryInfo(AppContext.BaseDirectory); above is not null; above = above.Parent)
            if (Directory.Exists(Path.Combine(above.FullName, "shared", "corpus", part)))
                return Path.Combine(above.FullName, "shared", "corpus", part);
        return null;
    }
}
