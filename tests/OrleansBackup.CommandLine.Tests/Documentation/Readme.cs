namespace OrleansBackup.CommandLine.Tests.Documentation;

/// <summary>The README of the command, and the lines in it that are there to be typed.</summary>
internal static class Readme
{
    public static string Text { get; } = File.ReadAllText(Path.Combine(Root(), "client-api", "OrleansBackup.CommandLine", "README.md"));

    public static string[] Lines { get; } = [.. Text.Split("```sh\n").Skip(1).SelectMany(part => part.Split("```")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries))];

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OrleansBackup.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException("The tests do not run within the repository.");
    }
}
