using System.CommandLine;
using OrleansBackup.CommandLine.Commands;
using OrleansBackup.CommandLine.Tests.Hosting;

namespace OrleansBackup.CommandLine.Tests.Documentation;

/// <summary>The README is whole: each command has an example in it, and each exit code its line.</summary>
public sealed class ReadmeTests : CommandTest
{
    [Fact]
    public async Task Every_command_has_an_example()
    {
        var paths = Leaves(await TreeAsync()).Where(command => !command.Hidden).Select(CommandTree.PathOf).ToArray();

        Assert.True(paths.Length > 60, "The tree of commands is not read.");
        Assert.All(paths, path => Assert.Contains(Readme.Lines, line => $"{line.Replace("browse", "points", StringComparison.Ordinal)} ".Contains($"{path} ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_exit_code_is_told() => Assert.All(Enum.GetValues<ExitCode>(), code => Assert.Contains($"\n| {(int)code} | ", Readme.Text, StringComparison.Ordinal));

    [Fact]
    public async Task Every_command_has_help()
    {
        foreach (var command in Leaves(await TreeAsync()).Where(command => !command.Hidden))
        {
            var ran = await RunAsync([.. CommandTree.PathOf(command).Split(' ').Skip(1), "--help"]);

            Assert.Equal(ExitCode.Done, ran.Exit);
            Assert.Contains(command.Description!, ran.Out.ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    private static Task<Command> TreeAsync() => Task.FromResult<Command>(CommandTree.Build(Surroundings.OfThisProcess()));

    private static IEnumerable<Command> Leaves(Command command) => command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);
}
