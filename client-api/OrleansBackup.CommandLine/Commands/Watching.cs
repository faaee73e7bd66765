using System.Text.Json;
using OrleansBackup.CommandLine.Http;
using OrleansBackup.CommandLine.Output;
using Spectre.Console;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>How far work has come.</summary>
/// <param name="Step">What it does now; may hold names of strangers.</param>
/// <param name="Expected">0: not known.</param>
internal sealed record Standing(string Step, long Done, long Expected);

/// <summary>Follows a run or a restore to its end: a bar for a person, a line a step for a log, an object an event for a program.</summary>
internal static class Watching
{
    /// <param name="again">The command that watches it again, for whoever stops.</param>
    /// <returns>The final state; null: somebody stopped watching.</returns>
    public static async Task<JsonElement?> WatchAsync(this Call call, string path, string what, string again, Func<JsonElement, Standing> standing, CancellationToken cancellation)
    {
        var events = call.Api.WatchAsync(path, call.Surroundings.Time, cancellation);
        try
        {
            return call.Print.IsJson ? await ToLinesOfJsonAsync(call, events)
                : call.Surroundings.HasColour ? await ToBarAsync(call, events, what, standing)
                : await ToLinesAsync(call, events, what, standing);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            call.Print.Note($"Stopped watching. The {what} goes on; watch it again with: {again}");
            return null;
        }
    }

    private static async Task<JsonElement?> ToLinesOfJsonAsync(Call call, IAsyncEnumerable<ApiEvent> events)
    {
        JsonElement last = default;
        await foreach (var one in events)
        {
            last = one.Data;
            call.Print.JsonLine(JsonSerializer.SerializeToElement(new { @event = one.Name, data = one.Data }));
        }
        return last;
    }

    private static async Task<JsonElement?> ToLinesAsync(Call call, IAsyncEnumerable<ApiEvent> events, string what, Func<JsonElement, Standing> standing)
    {
        var (last, said) = (default(JsonElement), "");
        await foreach (var one in events)
        {
            last = one.Data;
            var (step, done, expected) = standing(one.Data);
            if (step != said) // a log wants steps, not every item
                call.Print.Say($"{what}: {step} ({done:N0}{(expected > 0 ? $" of {expected:N0}" : "")} items)");
            said = step;
        }
        return last;
    }

    private static async Task<JsonElement?> ToBarAsync(Call call, IAsyncEnumerable<ApiEvent> events, string what, Func<JsonElement, Standing> standing)
    {
        JsonElement last = default;
        var console = call.Surroundings.Draw(call.Surroundings.Out, call.Surroundings.Width);
        await console.Progress().Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn()).StartAsync(async bars =>
        {
            var bar = bars.AddTask(Markup.Escape(what), autoStart: true);
            await foreach (var one in events)
            {
                last = one.Data;
                var (step, done, expected) = standing(one.Data);
                bar.Description = Markup.Escape(SafeText.Of($"{what}: {step} ({done:N0} items)")); // the only place where Spectre reads text as markup
                bar.IsIndeterminate = expected == 0 && !one.IsEnd;
                bar.MaxValue = Math.Max(1, one.IsEnd ? done : Math.Max(expected, done));
                bar.Value = one.IsEnd ? bar.MaxValue : done;
            }
            bar.StopTask();
        });
        return last;
    }
}
