using System.Diagnostics;
using System.Text.RegularExpressions;

namespace OrleansBackup.Architecture.Tests;

/// <summary>What the README tells a reader to type exists, with these options.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    private static readonly string[] Typed = [.. Command().Matches(Readme).Select(match => match.Value.Trim()).Distinct()];

    public static TheoryData<string> Commands { get; } = [.. Typed];

    [Fact]
    public void The_first_command_is_the_demonstration_and_the_second_the_tests() =>
        Assert.Equal(["deploy/demo.sh", "deploy/test.sh"], Typed.Select(command => command.Split(" ")[0]).Distinct().Take(2));

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_is_a_script_that_can_be_run_and_knows_the_options(string command)
    {
        var parts = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var script = Path.Combine(Repository.Root, parts[0]);
        Assert.True(File.Exists(script), $"{parts[0]} does not exist");
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(script).HasFlag(UnixFileMode.UserExecute), $"{parts[0]} is not executable");

        var text = File.ReadAllText(script);
        Assert.All(parts.Where(part => part.StartsWith("--", StringComparison.Ordinal)), option => Assert.Contains(option, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_path_that_the_readme_links_to_exists() => Assert.All(
        Link().Matches(Readme).Select(match => match.Groups[1].Value).Where(path => !path.Contains("://", StringComparison.Ordinal)),
        path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path.Split('#')[0])), $"{path} does not exist"));

    [Theory]
    [InlineData("--wibble")]
    [InlineData("--users none")]
    [InlineData("--users")]
    [InlineData("--days 0")]
    [InlineData("--engine steam")]
    [InlineData("--mail no/such/folder")]
    public async Task A_bad_option_of_the_demonstration_is_told_and_ends_with_status_2(string arguments)
    {
        var (status, error) = await RunAsync($"deploy/demo.sh {arguments}");

        Assert.Equal(2, status);
        Assert.Contains(arguments.Split(' ')[0], error, StringComparison.Ordinal);
    }

    private static async Task<(int Status, string Error)> RunAsync(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", command]) { WorkingDirectory = Repository.Root, RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, error);
    }

    /// <summary>A line of a code block that runs something of deploy/.</summary>
    [GeneratedRegex(@"^deploy/[\w.-]+\.sh[^\n#|]*", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
