using System.CommandLine;
using System.Text.Json;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>Commands that watch a job which only says how it stands: an export, a move, a rehearsal, the provider's own work.</summary>
internal static class JobWatching
{
    /// <param name="what">What it is called in the progress.</param>
    /// <param name="endOf">From how it ended to the exit code.</param>
    public static Command Watch(
        this Verbs verbs, string name, string description, string path, string what, Func<JsonElement, Standing> standing, Column[] sheet, Func<JsonElement, ExitCode> endOf)
    {
        var route = ApiRoute.Parse($"GET {path}");
        Command? command = null;
        command = verbs.Make(name, $"{description} Ctrl-C stops the watching, not the work.", [.. route.Asked], async (call, cancellation) =>
        {
            var end = await call.WatchAsync(await route.AddressAsync(call, cancellation), what, CommandTree.PathOf(command!), standing, cancellation);
            if (end is not { } ended)
                return ExitCode.Interrupted;
            if (!call.Print.IsJson)
                call.Print.Sheet(ended, sheet);
            return endOf(ended);
        });
        return command;
    }

    /// <summary>What a job says of its end: a problem is one.</summary>
    public static ExitCode EndOf(JsonElement job) => job.Text("problem").Length > 0 ? ExitCode.Failed : ExitCode.Done;
}
