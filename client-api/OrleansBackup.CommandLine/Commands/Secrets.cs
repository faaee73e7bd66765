using System.Text.Json;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>A secret that the server shows once: alone on standard output, so that it can be sent into a file.</summary>
internal static class Secrets
{
    public static void Show(Call call, JsonElement made)
    {
        if (call.Print.IsJson)
        {
            call.Print.Json(made);
            return;
        }
        if (made.Text("secret") is not { Length: > 0 } secret)
        {
            call.Print.Note("Done. There is no secret to keep.");
            return;
        }
        call.Print.Note("This is the only time that the secret is shown. Keep it where only its user can read it.");
        call.Print.Say(secret);
    }
}
