using System.Text.RegularExpressions;

namespace OrleansBackup.Docs.Tests;

/// <summary>The pages that people read, and what stands in them: commands, names, tables.</summary>
/// <remarks>A table between <c>&lt;!-- table: name --&gt;</c> and <c>&lt;!-- end --&gt;</c> is made from the code. With ORLEANSBACKUP_RENEW_DOCS set to anything, its test writes it anew.</remarks>
internal static partial class Pages
{
    public static string Root { get; } = FindRoot();

    public static string Folder { get; } = Path.Combine(Root, "deploy", "docs");

    /// <summary>The front page and everything in the folder of pages.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Path.Combine(Root, "README.md"), .. Directory.GetFiles(Folder, "*.md").Order(StringComparer.Ordinal)];

    public static string Read(string page) => File.ReadAllText(Path.Combine(Folder, page));

    /// <summary>Fenced blocks, with what stands behind the fence: <c>sh</c> to read, <c>sh run</c> to run.</summary>
    public static IEnumerable<(string Info, string Text)> Blocks(string text) =>
        Fence().Matches(text).Select(match => (match.Groups[1].Value.Trim(), match.Groups[2].Value));

    /// <summary>What stands in single backticks, outside fenced blocks.</summary>
    public static IEnumerable<string> Names(string text) => Quoted().Matches(Fence().Replace(text, "")).Select(match => match.Groups[1].Value).Distinct();

    /// <summary>Fails unless the page's table is the one that the code gives.</summary>
    public static void AssertTable(string page, string name, IEnumerable<string> lines)
    {
        var (path, expected) = (Path.Combine(Folder, page), string.Concat(lines.Select(line => line + "\n")));
        var text = File.ReadAllText(path);
        var table = new Regex($"(<!-- table: {name} -->\n)(.*?)(<!-- end -->)", RegexOptions.Singleline);
        Assert.True(table.IsMatch(text), $"{page} has no table '{name}'.");
        if (Environment.GetEnvironmentVariable("ORLEANSBACKUP_RENEW_DOCS") is { Length: > 0 })
            File.WriteAllText(path, table.Replace(text, match => match.Groups[1].Value + expected + match.Groups[3].Value));
        Assert.Equal(expected, table.Match(File.ReadAllText(path)).Groups[2].Value);
    }

    public static IEnumerable<string> ProductSources() => new[] { "grain-interfaces", "grains", "silo", "client-api" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "OrleansBackup.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"No OrleansBackup.sln in or above {AppContext.BaseDirectory}.");
    }

    [GeneratedRegex("^```([^\n]*)\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("(?<!`)`([^`\n]+)`(?!`)")]
    private static partial Regex Quoted();
}
