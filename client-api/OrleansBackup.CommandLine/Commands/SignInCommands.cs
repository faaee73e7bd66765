using System.CommandLine;
using OrleansBackup.CommandLine.Connecting;
using OrleansBackup.CommandLine.Http;
using Spectre.Console;
using Profile = OrleansBackup.CommandLine.Connecting.Profile;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>Keeps a key for a server in the user's own profile file. It is read from a file, a pipe or a prompt, never from an argument, which others on the machine can see.</summary>
internal static class SignInCommands
{
    public static Command SignIn(Verbs verbs) => verbs.Make("sign-in", "Stores the key for --server, after the server has accepted it.", [], SignInAsync);

    public static Command SignOut(Verbs verbs) => verbs.Make("sign-out", "Forgets the key for --server, or for the present one.", [], async (call, _) =>
    {
        var profile = Profile.Load(call.Surroundings);
        var server = call.Get(Parts.Server) ?? profile.Server ?? throw new CommandFailedException(ExitCode.NotFound, "Nobody is signed in.");
        var address = Connection.Address(server, allowPlainHttp: true);
        if (!profile.Keys.ContainsKey(address.ToString()))
            throw new CommandFailedException(ExitCode.NotFound, $"Nobody is signed in to {address}.");
        profile.Without(address).Save(call.Surroundings);
        call.Print.Note($"Signed out of {address}. The key itself is still good: revoke it with 'orleansbackup key revoke' if it should not be.");
        await Task.CompletedTask;
    });

    private static async Task SignInAsync(Call call, CancellationToken cancellation)
    {
        var profile = Profile.Load(call.Surroundings);
        var named = call.Get(Parts.Server) ?? call.Surroundings.Variable(Connection.ServerVariable) ?? profile.Server
            ?? throw CommandFailedException.Wrong("Say which server: orleansbackup sign-in --server URL.");
        var server = Connection.Address(named, call.Get(Parts.AllowPlainHttp));
        var key = (await KeyAsync(call, server, cancellation)).Trim();
        if (key.Length == 0 || key.Any(c => c is <= ' ' or >= '\u007f'))
            throw CommandFailedException.Wrong("That is no key: it is empty or holds blanks.");
        using var api = new ApiClient(new(server, key), call.Surroundings.Time, call.Print.Note);
        await api.GetAsync("tenants?limit=1", cancellation);
        profile.With(server, key).Save(call.Surroundings);
        call.Print.Note($"Signed in to {server}. The key is in {Profile.FileIn(call.Surroundings)}, for you alone to read.");
    }

    private static async Task<string> KeyAsync(Call call, Uri server, CancellationToken cancellation)
    {
        if (call.Get(Parts.KeyFile) is { } file)
            return PrivateFile.Read(file);
        if (call.Surroundings.IsInputRedirected)
            return await call.Surroundings.In.ReadToEndAsync(cancellation);
        var console = call.Surroundings.Draw(call.Surroundings.Error, call.Surroundings.Width);
        return await new TextPrompt<string>(Markup.Escape($"API key for {server}:")).Secret(null).ShowAsync(console, cancellation);
    }
}
