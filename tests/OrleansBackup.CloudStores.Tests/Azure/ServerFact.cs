using OrleansBackup.CloudStores.Tests.Azure;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace OrleansBackup.Vault.Tests.Stores
{
    /// <summary>In this project the contract's facts are these: skipped, with the reason, in a class whose server is not installed.</summary>
    /// <remarks>A name in the namespace itself goes before one of a using directive. xunit 2.9 decides on skipping before it makes the class.</remarks>
    [AttributeUsage(AttributeTargets.Method)]
    [XunitTestCaseDiscoverer("OrleansBackup.CloudStores.Tests.Azure.ServerFactDiscoverer", "OrleansBackup.CloudStores.Tests")]
    public sealed class FactAttribute : Xunit.FactAttribute;
}

namespace OrleansBackup.CloudStores.Tests.Azure
{
    /// <summary>As above, for the facts of such a class itself.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    [XunitTestCaseDiscoverer("OrleansBackup.CloudStores.Tests.Azure.ServerFactDiscoverer", "OrleansBackup.CloudStores.Tests")]
    public sealed class AzuriteFactAttribute : Xunit.FactAttribute;

    public sealed class ServerFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
    {
        protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
            new ServerTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
    }

    public sealed class ServerTestCase : XunitTestCase
    {
        [Obsolete("For the deserializer only.")]
        public ServerTestCase() { }

        public ServerTestCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
            : base(messages, display, options, method) { }

        protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
            base.GetSkipReason(factAttribute) ?? (TestMethod.TestClass.TestCollection.DisplayName == AzuriteCollection.Name ? AzuriteServer.WhyNot : null);
    }
}
