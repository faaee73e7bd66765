using OrleansBackup.CommandLine.Tests.Hosting;

namespace OrleansBackup.CommandLine.Tests.Commands;

/// <summary>Completion by real shells with the real program, as far as they are installed.</summary>
public sealed class CompletionTests : CommandTest
{
    [Theory]
    [InlineData("", "tenants")]
    [InlineData("ten", "tenants")]
    [InlineData("tenants|s", "show,settings")]
    [InlineData("restore|start|Contoso Ltd|--con", "--conflict")]
    [InlineData("restore|start|Contoso|--conflict|", "copy,overwrite,skip")]
    [InlineData("report|month|Contoso|2026-03|--format|p", "pdf")]
    [InlineData("completion|", "bash,fish,pwsh,zsh")]
    public async Task The_program_says_what_may_come_next(string words, string expected)
    {
        var ran = await RunAsync(["complete-words", "--", .. words.Split('|')]);

        Assert.Subset(ran.Out.Split('\n').ToHashSet(), expected.Split(',').ToHashSet());
        Assert.All(ran.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries), candidate => Assert.StartsWith(words.Split('|')[^1], candidate, StringComparison.Ordinal));
        Assert.DoesNotContain("complete-words", ran.Out, StringComparison.Ordinal);
        Assert.Empty(Server.Seen);
    }

    [Fact]
    public async Task Bash_completes_with_the_script() => Assert.Equal("settings\nshow\n", await ShellAsync("bash", """
        source <(orleansbackup completion bash)
        COMP_WORDS=(orleansbackup tenants s); COMP_CWORD=2
        _orleansbackup && printf '%s\n' "${COMPREPLY[@]}"
        """));

    [Fact]
    public async Task Bash_completes_after_an_empty_word() => Assert.Contains("--conflict", await ShellAsync("bash", """
        source <(orleansbackup completion bash)
        COMP_WORDS=(orleansbackup restore start 'Contoso Ltd' ''); COMP_CWORD=4
        _orleansbackup && printf '%s\n' "${COMPREPLY[@]}"
        """), StringComparison.Ordinal);

    [Theory]
    [InlineData("tenants s", "settings\nshow\n")]
    [InlineData("restore start 'Contoso Ltd' --conflict ", "copy\noverwrite\nskip\n")]
    public async Task Fish_completes_with_the_script(string typed, string expected)
    {
        if (!IsInstalled("fish"))
            return; // the text itself is looked at below

        Assert.Equal(expected, await ShellAsync("fish", $$"""
            cd '{{Folder}}'
            orleansbackup completion fish | source
            complete -C "orleansbackup {{typed}}" | string match -r '^\S+' | sort -u
            """, "--no-config"));
    }

    [Theory]
    [InlineData("tenants s", "settings\nshow\n")]
    [InlineData("restore start 'Contoso Ltd' --conflict ''", "copy\noverwrite\nskip\n")]
    public async Task Zsh_completes_with_the_script(string typed, string expected)
    {
        if (!IsInstalled("zsh"))
            return;

        // The widget that shows candidates needs a terminal: what it is handed is printed instead.
        Assert.Equal(expected, await ShellAsync("zsh", $$"""
            compdef() { : }
            compadd() { print -l -- "${(@oP)@[-1]}" }
            _files() { print files }
            source <(orleansbackup completion zsh)
            words=(orleansbackup {{typed}}); CURRENT=${#words}
            _orleansbackup
            """, "-f"));
    }

    [Theory]
    [InlineData("bash", "-n")]
    [InlineData("zsh", "-n")]
    [InlineData("fish", "--no-execute")]
    public async Task The_shell_itself_finds_no_fault_in_its_script(string shell, string check)
    {
        var script = FileWith((await RunAsync("completion", shell)).Out);
        if (!IsInstalled(shell))
            return; // the text itself is looked at below

        using var process = OwnProgram.Start(shell, [check, script]);
        Assert.Equal("", await process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public async Task Each_script_asks_this_program_and_no_other(string shell)
    {
        var script = (await RunAsync("completion", shell)).Out;

        Assert.Contains("complete-words", script, StringComparison.Ordinal);
        Assert.DoesNotContain("dotnet", script, StringComparison.Ordinal);
    }

    private static bool IsInstalled(string shell) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, shell)));

    private static async Task<string> ShellAsync(string shell, string script, string plainly = "--norc")
    {
        using var process = OwnProgram.Start(shell, [plainly, "-c", script]);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.Equal("", await error);
        return await output;
    }
}
