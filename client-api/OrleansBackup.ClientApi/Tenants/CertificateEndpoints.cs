using System.Collections.Immutable;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Lists;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tenants;

/// <summary>Certificates of a tenant's app registration. One is made here, added to the registration by a person, tried, and then used: nothing secret ever travels.</summary>
/// <remarks>Also of a tenant that is not in service yet: taking it into service names the certificate instead of a secret.</remarks>
internal static class CertificateEndpoints
{
    private const string PemFile = "application/x-pem-file";
    private const int UsualDays = 365, MostDays = 3 * 365;
    private static readonly ListOrder<AppCertificate> Order = new(one => one.Id, ("createdAt", one => SortText.Of(one.CreatedAt)), ("notAfter", one => SortText.Of(one.NotAfter)), ("thumbprint", one => one.Thumbprint));

    public static void MapCertificates(this IEndpointRouteBuilder api)
    {
        var providers = api.MapGroup("/certificates").WithTags("Tenants");
        providers.MapGet("", ListOfProvider).Needs(Permission.ManageTenants).WithSummary("Lists the certificates of the provider's own app registration, oldest first. Which one a tenant uses, the tenant says.");
        providers.MapPost("", AddToProvider).Needs(Permission.ManageTenants).Audited(AuditActs.AddCertificate)
            .WithSummary("Makes a key pair for the provider's own app registration and shows the certificate to add to it, or takes one over. Tenants use it when somebody says so.");
        providers.MapGet("/{certificate}", GetOfProvider).Needs(Permission.ManageTenants).WithSummary("Describes a certificate of the provider, never its private key.");
        providers.MapGet("/{certificate}/file", FileOfProvider).Needs(Permission.ManageTenants).Produces<Stream>(StatusCodes.Status200OK, PemFile)
            .WithSummary("Downloads a certificate of the provider as a .pem file, as the Microsoft Entra admin center takes it.");
        providers.MapDelete("/{certificate}", RemoveOfProvider).Needs(Permission.ManageTenants).Audited(AuditActs.RemoveCertificate)
            .WithSummary("Forgets a certificate of the provider: no tenant begins to use it. Those that do go on. Safe to repeat.");
        var certificates = api.MapGroup("/tenants/{tenant}/certificates").WithTags("Tenants");
        certificates.MapGet("", List).Needs(Permission.SeeTenant).WithSummary("Lists the certificates with which the service may sign in to the tenant, oldest first; also before the tenant is in service.");
        certificates.MapPost("", Add).Needs(Permission.ManageTenants).Audited(AuditActs.AddCertificate)
            .WithSummary("Makes a key pair and shows the certificate to add to the app registration, or takes over one that was made elsewhere. Not used before somebody says so.");
        certificates.MapGet("/{certificate}", Get).Needs(Permission.SeeTenant).WithSummary("Describes a certificate, never its private key.");
        certificates.MapGet("/{certificate}/file", File).Needs(Permission.SeeTenant).Produces<Stream>(StatusCodes.Status200OK, PemFile)
            .WithSummary("Downloads the certificate as a .pem file, as the Microsoft Entra admin center takes it.");
        certificates.MapPost("/{certificate}/checks", Check).Needs(Permission.ManageTenants).Audited(AuditActs.CheckCertificate)
            .WithSummary("Signs in with a certificate now and says which permissions the app has; changes nothing.");
        certificates.MapPost("/{certificate}/uses", Use).Needs(Permission.ManageTenants).Audited(AuditActs.UseCertificate)
            .WithSummary("Signs in with a certificate, and only if that works uses it from now on. The one before stays; a secret is forgotten.");
        certificates.MapDelete("/{certificate}", Remove).Needs(Permission.ManageTenants).Audited(AuditActs.RemoveCertificate)
            .WithSummary("Forgets a certificate and its private key; refused for the one in use. Safe to repeat.");
    }

    private static async Task<Ok<CertificateListBody>> List(
        string tenant, IGrainFactory grains, TimeProvider time, CancellationToken cancellation, string? sort = null, string? after = null, int? limit = null)
    {
        var (part, next) = Order.Take(await Grain(grains, tenant).ListCertificates(cancellation), sort, after, ListParts.Limit(limit));
        return TypedResults.Ok(new CertificateListBody([.. part.Select(certificate => CertificateBody.Of(certificate, time.GetUtcNow()))]) { Next = next });
    }

    private static async Task<Ok<CertificateBody>> Get(string tenant, string certificate, IGrainFactory grains, TimeProvider time, CancellationToken cancellation) =>
        TypedResults.Ok(CertificateBody.Of(await FindAsync(grains, tenant, certificate, cancellation), time.GetUtcNow()));

    private static async Task<Ok<CertificateListBody>> ListOfProvider(
        IGrainFactory grains, TimeProvider time, CancellationToken cancellation, string? sort = null, string? after = null, int? limit = null)
    {
        var (part, next) = Order.Take(await grains.CertificateBook().List(cancellation), sort, after, ListParts.Limit(limit));
        return TypedResults.Ok(new CertificateListBody([.. part.Select(certificate => CertificateBody.Of(certificate, time.GetUtcNow()))]) { Next = next });
    }

    private static async Task<Ok<CertificateBody>> GetOfProvider(string certificate, IGrainFactory grains, TimeProvider time, CancellationToken cancellation) =>
        TypedResults.Ok(CertificateBody.Of(Find(await grains.CertificateBook().List(cancellation), certificate), time.GetUtcNow()));

    private static async Task<FileContentHttpResult> FileOfProvider(string certificate, IGrainFactory grains, CancellationToken cancellation) =>
        FileOf(Find(await grains.CertificateBook().List(cancellation), certificate));

    private static async Task<Created<CertificateBody>> AddToProvider(CertificateOrderBody body, IGrainFactory grains, TimeProvider time, CancellationToken cancellation)
    {
        var (life, given) = OrderOf(body);
        var added = given is null ? await grains.CertificateBook().Make(life, cancellation) : await grains.CertificateBook().Take(given, cancellation);
        return TypedResults.Created($"/api/v1/certificates/{added.Id}", CertificateBody.Of(added, time.GetUtcNow()));
    }

    private static async Task<NoContent> RemoveOfProvider(string certificate, IGrainFactory grains, CancellationToken cancellation)
    {
        await grains.CertificateBook().Remove(Id(certificate), cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<FileContentHttpResult> File(string tenant, string certificate, IGrainFactory grains, CancellationToken cancellation) =>
        FileOf(await FindAsync(grains, tenant, certificate, cancellation));

    private static FileContentHttpResult FileOf(AppCertificate found) => TypedResults.File(Encoding.ASCII.GetBytes(found.Pem), PemFile, $"orleansbackup-{found.Thumbprint}.pem");

    private static async Task<Created<CertificateBody>> Add(string tenant, CertificateOrderBody body, IGrainFactory grains, TimeProvider time, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        var (life, given) = OrderOf(body);
        var added = given is null ? await grains.Tenant(id).MakeCertificate(life, cancellation) : await grains.Tenant(id).TakeCertificate(given, cancellation);
        return TypedResults.Created($"/api/v1/tenants/{id}/certificates/{added.Id}", CertificateBody.Of(added, time.GetUtcNow()));
    }

    private static async Task<Ok<PermissionListBody>> Check(string tenant, string certificate, CertificateUseBody? body, IGrainFactory grains, CancellationToken cancellation)
    {
        var grain = Grain(grains, tenant);
        var client = body?.ClientId ?? await PresentClientAsync(grain, cancellation);
        return TypedResults.Ok(new PermissionListBody([.. (await grain.TryCertificate(client, Id(certificate), cancellation)).Select(PermissionBody.Of)]));
    }

    private static async Task<Ok<CertificateBody>> Use(string tenant, string certificate, CertificateUseBody? body, IGrainFactory grains, TimeProvider time, CancellationToken cancellation) =>
        TypedResults.Ok(CertificateBody.Of(await Grain(grains, tenant).UseCertificate(Id(certificate), string.IsNullOrWhiteSpace(body?.ClientId) ? null : body.ClientId, cancellation), time.GetUtcNow()));

    private static async Task<NoContent> Remove(string tenant, string certificate, IGrainFactory grains, CancellationToken cancellation)
    {
        await Grain(grains, tenant).RemoveCertificate(Id(certificate), cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<string> PresentClientAsync(ITenantGrain tenant, CancellationToken cancellation)
    {
        try
        {
            return (await tenant.GetAccess(cancellation)).ClientId;
        }
        catch (NotFoundException)
        {
            throw new ProblemException(Problem.FieldMissing("clientId"));
        }
    }

    /// <summary>To make one with a life, or to take one over.</summary>
    private static (TimeSpan Life, GivenCertificate? Given) OrderOf(CertificateOrderBody body)
    {
        if (body.Days is not null && (body.Pfx is not null || body.Pem is not null))
            throw new ProblemException(Problem.InvalidField("days", "Give 'days' to have a certificate made, or 'pfx' or 'pem' to hand one over, not both."));
        if (body.Days is < 1 or > MostDays)
            throw new ProblemException(Problem.InvalidField("days", $"'days' must be from 1 to {MostDays}."));
        return (TimeSpan.FromDays(body.Days ?? UsualDays), body is { Pfx: null, Pem: null } ? null : new GivenCertificate(body.Pfx is { } pfx ? (ReadOnlyMemory<byte>?)pfx : null, body.Pem, body.Password));
    }

    private static async Task<AppCertificate> FindAsync(IGrainFactory grains, string tenant, string certificate, CancellationToken cancellation) =>
        Find(await Grain(grains, tenant).ListCertificates(cancellation), certificate);

    private static AppCertificate Find(ImmutableArray<AppCertificate> known, string certificate)
    {
        var id = Id(certificate);
        return known.FirstOrDefault(one => one.Id == id) ?? throw new NotFoundException("There is no such certificate here.");
    }

    private static ITenantGrain Grain(IGrainFactory grains, string tenant) => grains.Tenant(AddressParts.Tenant(tenant));

    /// <summary>SHA-256 in hex, as the list gives it.</summary>
    private static string Id(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit) ? text.ToLowerInvariant()
        : throw new ProblemException(Problem.InvalidField("certificate", "'certificate' must be an id as the list gives it: 64 hexadecimal digits."));
}
