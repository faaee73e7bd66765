using System.Net.Http.Headers;
using OrleansBackup.CommandLine.Http;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>Saves what the server sends as a file: whole or not at all, never over another one unasked, never outside the folder that was named.</summary>
internal static class Downloads
{
    public const string StandardOutput = "-";
    private const string Forbidden = "/\\:*?\"<>|";
    private const int LongestName = 150;

    /// <param name="to">A file; a folder, into which it goes under the name that the server gives; - for standard output; null for the present folder.</param>
    public static async Task SaveAsync(this Call call, string path, string? to, CancellationToken cancellation)
    {
        if (to == StandardOutput && call.Surroundings.IsTerminal)
            throw CommandFailedException.Wrong("A terminal is no place for a file: send standard output to a file or program, or name a file.");
        using var response = await call.Api.SendAsync(HttpMethod.Get, path, null, cancellation, "*/*");
        if (to == StandardOutput)
        {
            await using var output = call.Surroundings.OpenOut();
            await CopyAsync(call, response, output, cancellation);
            return;
        }
        var file = to is null || Directory.Exists(to) ? Path.Combine(to ?? ".", NameOf(response.Content.Headers.ContentDisposition)) : to;
        if (File.Exists(file) && !call.Get(Parts.Force))
            throw new CommandFailedException(ExitCode.Conflict, $"{file} exists.", "Name another file, or say --force to write over it.");
        var partial = $"{file}.{Path.GetRandomFileName()}.part";
        try
        {
            await using (var output = new FileStream(partial, FileMode.CreateNew, FileAccess.Write))
                await CopyAsync(call, response, output, cancellation);
            File.Move(partial, file, call.Get(Parts.Force));
        }
        finally
        {
            File.Delete(partial); // nothing is there once it was moved
        }
        call.Print.Note($"{file} written.");
    }

    private static async Task CopyAsync(Call call, HttpResponseMessage response, Stream output, CancellationToken cancellation)
    {
        try
        {
            await response.Content.CopyToAsync(output, cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or HttpIOException)
        {
            throw new CommandFailedException(ExitCode.Failed, $"The transfer from {call.Api.Server} broke off: {e.Message}", "Nothing of it was kept; the server's log says why. Try again.");
        }
    }

    /// <summary>Comes from a customer's names: one part of a path, whatever it says.</summary>
    internal static string NameOf(ContentDispositionHeaderValue? disposition)
    {
        var given = disposition?.FileNameStar ?? disposition?.FileName?.Trim('"') ?? "";
        var safe = new string([.. given.Where(c => !char.IsControl(c)).Take(LongestName).Select(c => Forbidden.Contains(c) ? '_' : c)]).Trim(' ', '.');
        return safe.Length == 0 ? "download" : safe;
    }
}
