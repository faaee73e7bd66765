using System.CommandLine;
using System.Text.Json.Nodes;
using OrleansBackup.CommandLine.Connecting;
using OrleansBackup.CommandLine.Http;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>Customers: who they are, how they stand, what they are protected by.</summary>
internal static class TenantCommands
{
    private static readonly Argument<string> Name = new("name") { Description = "what to call the customer" };
    private static readonly Option<string> Id = new("--id") { Description = "directory (tenant) id of Microsoft Entra", HelpName = "GUID", Required = true };
    private static readonly Option<string> ClientId = new("--client-id") { Description = "id of the app registration", HelpName = "GUID", Required = true };
    private static readonly Option<string?> SecretFile = new("--secret-file") { Description = "file with the app's secret, readable by its owner only; without it the secret is read from standard input", HelpName = "FILE" };
    private static readonly Option<string?> Certificate = new("--certificate") { Description = "id of a certificate to sign in with, instead of a secret; see 'registration list'", HelpName = "ID" };
    private static readonly Option<string?> Store = new("--store") { Description = "store to keep the backups in; without it, the service's choice", HelpName = "NAME" };
    private static readonly Option<string[]> Countries = Parts.Several("--country", "country in which the backups may be kept, ISO code; may be repeated", "CODE");
    private static readonly Option<string?> From = new("--from") { Description = "JSON file with scope, retention and window; - is standard input", HelpName = "FILE" };
    private static readonly Option<int?> RetentionDays = Parts.Least("--retention-days", "keep restore points for so many days");
    private static readonly Option<string?> WindowStart = new("--window-start") { Description = "daily runs begin after this time, customer's time", HelpName = "HH:MM" };
    private static readonly Option<string?> WindowLength = new("--window-length") { Description = "and within this long", HelpName = "HH:MM" };

    private static readonly Column[] Sheet =
    [
        Column.Text("name", "name"), Column.Text("id", "id"), Column.Number("protected", "protectedResources"), Column.Number("not protected", "unprotectedResources"),
        Column.Number("healthy", "healthyResources"), Column.Number("overdue", "overdueResources"), Column.Number("failing", "failingResources"), Column.Number("running", "runningResources"),
        Column.Number("first backups left", "firstBackupsLeft"), Column.Time("first backups end", "firstBackupsExpectedEnd"), Column.Text("store", "store"), Column.Text("countries", "storage.countries"),
        .. SettingsSheet("settings."), Column.Time("onboarded", "onboardedAt"), Column.Time("discovered", "discoveredAt"), Column.Text("problem", "problem"),
    ];

    public static Command Build(Verbs verbs) => Verbs.Group("tenants", "Customers and their settings.",
        verbs.Make("list", "Lists the customers.", [Parts.Limit], async (call, cancellation) =>
            call.Print.List(await call.ListAsync("tenants", "tenants", cancellation), "tenants", Column.Text("NAME", "name"), Column.Id("ID", "id"))),
        verbs.Make("show", "Says how a customer stands.", [Parts.Tenant], async (call, cancellation) =>
            call.Print.Sheet(await call.Api.GetAsync(Address.OfTenant(await call.TenantAsync(cancellation)), cancellation), Sheet)),
        verbs.Make("add", "Takes a customer in: checks the app's permissions and finds what there is.", [Name, Id, ClientId, Certificate, SecretFile, Store, Countries, From], AddAsync),
        verbs.Make("settings", "Shows the settings, or changes those that are given.", [Parts.Tenant, From, RetentionDays, WindowStart, WindowLength], SettingsAsync),
        verbs.Make("permissions", "Checks in Microsoft 365 which permissions the app has. Ends with 7 when one is missing that backups need.", [Parts.Tenant], PermissionsAsync),
        verbs.Make("discover", "Looks now for new and vanished mailboxes, drives, sites and teams.", [Parts.Tenant], async (call, cancellation) =>
            call.Print.Sheet(await call.Api.PostAsync(Address.OfTenant(await call.TenantAsync(cancellation), "discoveries"), null, cancellation),
                Column.Number("found", "found"), Column.Number("new", "new"), Column.Number("vanished", "vanished"), Column.Number("protected", "protected"), Column.Number("not protected", "notProtected"), Column.Text("warnings", "warnings"))),
        verbs.Make("forecast", "Says when first backups will have ended, and what holds them up.", [Parts.Tenant], async (call, cancellation) =>
            call.Print.Sheet(await call.Api.GetAsync(Address.OfTenant(await call.TenantAsync(cancellation), "forecast"), cancellation),
                Column.Number("first backups left", "backupsLeft"), Column.Time("expected end", "expectedEnd"), Column.Time("at the earliest", "earliest"), Column.Time("at the latest", "latest"), Column.Text("bottleneck", "bottleneck"), Column.Text("reason", "reason"))));

    private static Column[] SettingsSheet(string at) =>
    [
        Column.Text("scope", $"{at}scope.mode"), Column.Number("retention, days", $"{at}retention.days"), Column.Number("retention, months", $"{at}retention.calendarMonths"),
        Column.Text("legal hold", $"{at}retention.legalHold"), Column.Text("window from", $"{at}window.start"), Column.Text("window length", $"{at}window.length"),
    ];

    private static async Task AddAsync(Call call, CancellationToken cancellation)
    {
        var certificate = call.Get(Certificate);
        var secret = certificate is not null ? null : call.Get(SecretFile) is { } file ? PrivateFile.Read(file)
            : call.Surroundings.IsInputRedirected ? await call.Surroundings.In.ReadToEndAsync(cancellation)
            : throw CommandFailedException.Wrong("Name a certificate with --certificate, or give the app's secret with --secret-file or on standard input.");
        var body = new JsonObject { ["id"] = call.Get(Id), ["name"] = call.Get(Name), ["clientId"] = call.Get(ClientId), ["clientSecret"] = secret?.Trim() };
        if (certificate is not null)
            body["certificate"] = certificate;
        if (call.Get(From) is { } settings)
            body["settings"] = await call.JsonOfAsync(settings, cancellation);
        if (call.Get(Store) is { } store)
            body["store"] = store;
        if (call.Get(Countries) is { Length: > 0 } countries)
            body["storage"] = new JsonObject { ["countries"] = new JsonArray([.. countries.Select(country => JsonValue.Create(country))]) };
        call.Print.Sheet(await call.Api.PostAsync("tenants", body, cancellation), Sheet);
    }

    /// <summary>What is not given stays: the whole is read, changed and sent with the ETag of what was read.</summary>
    private static async Task SettingsAsync(Call call, CancellationToken cancellation)
    {
        var tenant = Address.OfTenant(await call.TenantAsync(cancellation));
        var (present, etag) = await call.Api.GetForChangeAsync($"{tenant}/settings", cancellation);
        var (days, start, length) = (call.Get(RetentionDays), call.Get(WindowStart), call.Get(WindowLength));
        if (call.Get(From) is null && days is null && start is null && length is null)
        {
            call.Print.Sheet(present, SettingsSheet(""));
            return;
        }
        var settings = JsonNode.Parse(present.GetRawText())!.AsObject();
        if (call.Get(From) is { } file)
        {
            foreach (var (part, value) in (await call.JsonOfAsync(file, cancellation)).AsObject())
                settings[part] = value?.DeepClone();
        }
        if (days is not null)
            (settings["retention"]!["days"], settings["retention"]!["calendarMonths"]) = (days, null);
        if (start is not null)
            settings["window"]!["start"] = Clock(start, "--window-start");
        if (length is not null)
            settings["window"]!["length"] = Clock(length, "--window-length");
        call.Print.Sheet((await call.Api.ChangeAsync(HttpMethod.Put, $"{tenant}/settings", settings, etag, cancellation)).At("settings"), SettingsSheet(""));
    }

    private static string Clock(string text, string option) => TimeOnly.TryParseExact(text, "HH:mm", out var time)
        ? time.ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)
        : throw CommandFailedException.Wrong($"{option} must be hours and minutes, such as 19:30.");

    private static async Task<ExitCode> PermissionsAsync(Call call, CancellationToken cancellation)
    {
        var answer = await call.Api.GetAsync(Address.OfTenant(await call.TenantAsync(cancellation), "permissions"), cancellation);
        call.Print.List(answer, "permissions", Column.Id("PERMISSION", "name"), Column.Of("STATE", permission => permission.IsTrue("granted") ? "granted" : "missing"),
            Column.Text("BACKUP", "neededForBackup"), Column.Text("RESTORE", "neededForRestore"), Column.Text("PURPOSE", "purpose"));
        return answer.Items("permissions").Any(permission => permission.IsTrue("neededForBackup") && !permission.IsTrue("granted")) ? ExitCode.Partly : ExitCode.Done;
    }
}
