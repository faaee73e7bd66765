namespace OrleansBackup.Domain.Audit;

/// <summary>What is audited, by name. Names are contract: they stand in books that are kept.</summary>
public static class AuditActs
{
    public const string Onboard = "tenant.onboard", ChangeSettings = "tenant.settings", ChangeStorage = "tenant.storage", Discover = "tenant.discover", Sweep = "tenant.sweep";
    public const string ChangeContacts = "contacts.change", AddWebhook = "webhook.add", ChangeWebhook = "webhook.change", RemoveWebhook = "webhook.remove", ResendNotice = "notice.resend";
    public const string AddSubscription = "subscription.add", ChangeSubscription = "subscription.change", RemoveSubscription = "subscription.remove", TestSubscription = "subscription.test", ResendEvent = "event.resend";
    public const string StartRun = "run.start", CancelRun = "run.cancel";
    public const string StartRestore = "restore.start", CancelRestore = "restore.cancel", PreviewRestore = "restore.preview";
    public const string RequestRestore = "restore-request.make", DecideRestore = "restore-request.decide", RefuseRestore = "restore-request.refuse", EndRestore = "restore-request.end";
    public const string ReadContent = "content.read", Search = "content.search";
    public const string Expire = "points.expire", ReleaseBrake = "brake.release", PlaceHold = "hold.place", LiftHold = "hold.lift", AcceptVault = "vault.accept", Check = "vault.check";
    public const string Move = "tenant.move", Destroy = "tenant.destroy", Destroyed = "tenant.destroyed";
    public const string RotateKey = "provider.key-rotation", Recover = "provider.recovery", SetClock = "provider.clock";
    public const string Rehearse = "rehearsal.begin", Rehearsed = "rehearsal.end";
    public const string Export = "export.order", Exported = "export.end", DeleteExport = "export.delete", ReadExport = "export.read";
    public const string Erase = "erasure.order", Erased = "erasure.end", SearchPerson = "erasure.search", ErasePerson = "erasure.person";
    public const string ChangeContract = "contract.change", DecideConsequence = "consequence.decide";
    public const string BookPayment = "payment.book", ChangeWork = "work-order.change", ChangePrices = "prices.change", ChangeBilling = "billing.change", MakeInvoices = "invoices.make";
    public const string AcknowledgeCheck = "check.acknowledge", DeclareIncident = "incident.declare", ChangeIncident = "incident.change", EndIncident = "incident.end", ConfirmReport = "report.confirm";
    public const string SignIn = "access.sign-in", SignInFailed = "access.sign-in-failed", SignOut = "access.sign-out", Refused = "access.refused";
    public const string CreateKey = "access.key-create", RotateAccessKey = "access.key-rotate", RevokeKey = "access.key-revoke";
    public const string AddCertificate = "certificate.add", CheckCertificate = "certificate.check", UseCertificate = "certificate.use", RemoveCertificate = "certificate.remove";
    public const string Propose = "proposal.make", DropProposal = "proposal.drop", ConfirmProposal = "proposal.confirm";
    public const string OpenPoint = "point.open", UseOpening = "opening.first-use", EndOpening = "opening.end", LetCustomersOpen = "openings.policy";
    public const string ReadAudit = "audit.export";
    public const string PlaceDocumentHold = "documents.hold", LiftDocumentHold = "documents.hold-lift", DeletedDocuments = "documents.deleted", EnteredDocuments = "documents.entered", ReadDeletion = "documents.read-deletion";

    /// <summary>The actor of what nobody asked for at that moment.</summary>
    public const string Service = "the service";
}
