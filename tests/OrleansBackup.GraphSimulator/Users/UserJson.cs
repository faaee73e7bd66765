using System.Collections.Frozen;
using System.Text.Json;
using OrleansBackup.GraphSimulator.Mail;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Users;

/// <summary>Writes a user as Graph's <c>user</c>: a short set of properties by default, others by <c>$select</c>.</summary>
internal static class UserJson
{
    public const string TypeName = "microsoft.graph.user";

    /// <summary>The product and the Exchange plan that licensed users have.</summary>
    public static readonly Guid Sku = new("05e9a617-0261-4cee-bb44-138d3ef5d965");
    public static readonly Guid ExchangePlan = new("efb87545-963c-4e0d-99df-69c6916d9eb0");
    private static readonly Guid SharePointPlan = new("5dbe027f-2339-4123-9542-606e4d348a72");

    private static readonly FrozenSet<string> Default = new[] { "businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation",
        "preferredLanguage", "surname", "userPrincipalName" }.ToFrozenSet();

    private static readonly (string Name, Action<Utf8JsonWriter, SimulatedUser> Write)[] All =
    [
        ("businessPhones", (json, _) => EmptyArray(json)),
        ("displayName", (json, user) => json.WriteStringValue(user.DisplayName)),
        ("givenName", (json, user) => json.WriteStringValue(user.GivenName)),
        ("jobTitle", (json, _) => json.WriteNullValue()),
        ("mail", (json, user) => json.WriteStringValue(user.Mail)),
        ("mobilePhone", (json, _) => json.WriteNullValue()),
        ("officeLocation", (json, _) => json.WriteNullValue()),
        ("preferredLanguage", (json, _) => json.WriteNullValue()),
        ("surname", (json, user) => json.WriteStringValue(user.Surname)),
        ("userPrincipalName", (json, user) => json.WriteStringValue(user.UserPrincipalName)),
        ("accountEnabled", (json, user) => json.WriteBooleanValue(user.AccountEnabled)),
        ("userType", (json, user) => json.WriteStringValue(user.UserType)),
        ("createdDateTime", (json, user) => MessageProperties.Time(json, user.CreatedAt)),
        ("deletedDateTime", (json, _) => json.WriteNullValue()),
        ("assignedLicenses", Licences),
        ("assignedPlans", Plans),
        ("proxyAddresses", Proxies),
        ("onPremisesSyncEnabled", (json, user) => Nullable(json, user.OnPremisesSyncEnabled)),
        ("preferredDataLocation", (json, user) => json.WriteStringValue(user.PreferredDataLocation)),
        ("department", (json, _) => json.WriteNullValue()),
        ("companyName", (json, _) => json.WriteNullValue()),
        ("usageLocation", (json, user) => json.WriteStringValue(user.IsLicensed ? "DE" : null)),
        ("mailNickname", (json, user) => json.WriteStringValue(user.UserPrincipalName.Split('@')[0])),
        ("otherMails", (json, _) => EmptyArray(json)),
        ("employeeId", (json, _) => json.WriteNullValue()),
    ];

    // Known to the schema; the simulator has nothing to tell and the service leaves a null out or answers null.
    private static readonly FrozenSet<string> Names = All.Select(property => property.Name).Append("id").ToFrozenSet();

    public static bool IsKnown(string name) => Names.Contains(name);

    /// <summary>Also <c>mailboxSettings</c>, which only a single user can show.</summary>
    public static bool IsKnownOfOne(string name) => IsKnown(name) || name == "mailboxSettings";

    public static void WriteProperties(Utf8JsonWriter json, SimulatedUser user, IReadOnlySet<string>? select)
    {
        json.WriteString("id", user.Id.ToString());
        foreach (var (name, write) in All)
        {
            if (!(select?.Contains(name) ?? Default.Contains(name)))
                continue;
            json.WritePropertyName(name);
            write(json, user);
        }
        if (select?.Contains("mailboxSettings") == true)
        {
            json.WritePropertyName("mailboxSettings");
            WriteMailboxSettings(json, user, context: null);
        }
    }

    public static void WriteMailboxSettings(Utf8JsonWriter json, SimulatedUser user, string? context)
    {
        json.WriteStartObject();
        if (context is not null)
            json.WriteString("@odata.context", context);
        json.WriteString("timeZone", "W. Europe Standard Time");
        json.WriteString("dateFormat", "dd.MM.yyyy");
        json.WriteString("timeFormat", "HH:mm");
        json.WriteString("delegateMeetingMessageDeliveryOptions", "sendToDelegateOnly");
        json.WriteString("userPurpose", user.Purpose);
        json.WriteEndObject();
    }

    private static void Licences(Utf8JsonWriter json, SimulatedUser user)
    {
        json.WriteStartArray();
        if (user.IsLicensed)
        {
            json.WriteStartObject();
            json.WriteStartArray("disabledPlans");
            json.WriteEndArray();
            json.WriteString("skuId", Sku);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Plans(Utf8JsonWriter json, SimulatedUser user)
    {
        json.WriteStartArray();
        if (user.IsLicensed)
            Plan(json, user, "exchange", ExchangePlan);
        if (user is { IsLicensed: true, HasSharePointPlan: true })
            Plan(json, user, "SharePoint", SharePointPlan);
        json.WriteEndArray();
    }

    private static void Plan(Utf8JsonWriter json, SimulatedUser user, string service, Guid id)
    {
        json.WriteStartObject();
        json.WritePropertyName("assignedDateTime");
        MessageProperties.Time(json, user.CreatedAt);
        json.WriteString("capabilityStatus", "Enabled");
        json.WriteString("service", service);
        json.WriteString("servicePlanId", id);
        json.WriteEndObject();
    }

    private static void Proxies(Utf8JsonWriter json, SimulatedUser user)
    {
        json.WriteStartArray();
        if (user.Mail is not null)
            json.WriteStringValue($"SMTP:{user.Mail}");
        json.WriteEndArray();
    }

    private static void EmptyArray(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        json.WriteEndArray();
    }

    private static void Nullable(Utf8JsonWriter json, bool? value)
    {
        if (value is { } known)
            json.WriteBooleanValue(known);
        else
            json.WriteNullValue();
    }
}
