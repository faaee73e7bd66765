using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.CommandLine.Connecting;
using OrleansBackup.CommandLine.Http;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>Certificates of the provider's own app registration, which serve all customers that consented to it. The server makes the key pair itself, so that nothing secret travels; what is printed is public.</summary>
/// <remarks>What concerns one customer is <c>certificates</c>.</remarks>
internal static class RegistrationCommands
{
    private const string Certificates = "certificates";

    private static readonly Argument<string> Certificate = new("certificate") { Description = "id of a certificate, as the list gives it" };
    private static readonly Argument<string[]> Customers = new("tenant") { Description = "directory ids or exact names of customers", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Argument<string> File = new("file") { Description = "PFX file, or PEM file with certificate and private key; only its owner may be able to read it" };
    private static readonly Option<string?> PasswordFile = new("--password-file") { Description = "file with the password of the PFX or key, readable by its owner only", HelpName = "FILE" };
    private static readonly Option<string?> ClientId = new("--client-id") { Description = "id of the app registration; without it, the customer's present one", HelpName = "GUID" };
    private static readonly Option<int?> Days = Parts.Least("--days", "days until it ends; without it, 365");
    private static readonly Option<bool> All = new("--all") { Description = "every customer that is in service" };

    private static readonly Column[] Sheet =
    [
        Column.Id("CERTIFICATE", "id"), Column.Text("THUMBPRINT", "thumbprint"), Column.Text("ORIGIN", "origin"), Column.Time("ENDS", "notAfter"), Column.Number("DAYS LEFT", "daysLeft"),
    ];

    public static Command Build(Verbs verbs) => Verbs.Group("registration", "The provider's app registration: certificates with which the server signs in to all customers.",
        verbs.Make("list", "Lists the certificates, oldest first.", [], async (call, cancellation) => call.Print.List(await call.Api.GetAsync(Certificates, cancellation), "certificates", Sheet)),
        verbs.Make("make", "Has the server make a key pair, and prints the certificate to add to the app registration.", [Days], async (call, cancellation) =>
            Show(call, await call.Api.PostAsync(Certificates, new JsonObject { ["days"] = call.Get(Days) }, cancellation))),
        verbs.Make("give", "Hands a certificate over that was made elsewhere, with its private key.", [File, PasswordFile], async (call, cancellation) =>
            Show(call, await call.Api.PostAsync(Certificates, BodyOf(call), cancellation))),
        verbs.Make("show", "Prints a certificate, to add to the app registration.", [Certificate], async (call, cancellation) =>
            Show(call, await call.Api.GetAsync(Address.Of(Certificates, call.Get(Certificate)), cancellation))),
        verbs.Make("use", "Signs in to customers with a certificate, and uses it for each where that works. Ends with 7 if it did not for some.", [Certificate, Customers, All, ClientId], UseAsync),
        verbs.Make("remove", "Forgets a certificate: no customer begins to use it, and those that do go on.", [Certificate], async (call, cancellation) =>
        {
            await call.Api.ChangeAsync(HttpMethod.Delete, Address.Of(Certificates, call.Get(Certificate)), null, null, cancellation);
            call.Print.Note("The certificate is forgotten here. Once no customer uses it, take it off the app registration as well.");
        }));

    /// <summary>One customer after the other: where it does not work everything is as before, and the next one is tried.</summary>
    private static async Task<ExitCode> UseAsync(Call call, CancellationToken cancellation)
    {
        var named = call.Get(Customers) is { Length: > 0 } some ? some
            : call.Get(All) ? [.. (await call.Api.AllAsync("tenants", "tenants", null, cancellation)).Items("tenants").Select(tenant => tenant.Text("id"))]
            : throw CommandFailedException.Wrong("Name customers, or say --all.");
        var failed = 0;
        foreach (var customer in named)
        {
            try
            {
                await call.Api.PostAsync(Address.OfTenant(await Names.TenantAsync(call.Api, customer, cancellation), "certificates", call.Get(Certificate), "uses"), Registration(call), cancellation);
                call.Print.Note($"{customer}: in use.");
            }
            catch (CommandFailedException refused)
            {
                failed++;
                call.Print.Note($"{customer}: {refused.Message}");
            }
        }
        return failed == 0 ? ExitCode.Done : ExitCode.Partly;
    }

    private static JsonObject Registration(Call call) => new() { ["clientId"] = call.Get(ClientId) };

    private static JsonObject BodyOf(Call call)
    {
        var bytes = PrivateFile.ReadBytes(call.Get(File));
        var body = Encoding.ASCII.GetString(bytes).Contains("-----BEGIN ", StringComparison.Ordinal)
            ? new JsonObject { ["pem"] = Encoding.ASCII.GetString(bytes) } : new JsonObject { ["pfx"] = Convert.ToBase64String(bytes) };
        if (call.Get(PasswordFile) is { } password)
            body["password"] = PrivateFile.Read(password).TrimEnd('\r', '\n');
        return body;
    }

    private static void Show(Call call, JsonElement certificate)
    {
        if (call.Print.IsJson)
        {
            call.Print.Json(certificate);
            return;
        }
        call.Print.Note($"Certificate {certificate.Text("id")}, thumbprint {certificate.Text("thumbprint")}. Add it to the app registration, then use it.");
        call.Print.Say(certificate.Text("pem"));
    }
}
